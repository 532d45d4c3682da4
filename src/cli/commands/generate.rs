//! `metaprop completions` and `metaprop man`: made from the same definitions as the help.

use clap::CommandFactory;

use crate::cli::args::{Cli, CompletionsArgs};
use crate::cli::ending::Ending;
use crate::cli::terminal::Terminal;
use crate::error::Error;

/// Prints the completions of a shell.
pub(crate) fn completions(args: &CompletionsArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "metaprop", &mut text);
    terminal.print(&text)?;
    Ok(Ending::Done)
}

/// Prints the manual page: the program's, then each command's.
pub(crate) fn man(terminal: &Terminal) -> Result<Ending, Error> {
    let mut program = Cli::command();
    program.build();
    terminal.stream(|out| {
        clap_mangen::Man::new(program.clone()).render(out)?;
        for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
            let man = clap_mangen::Man::new(command.clone());
            writeln!(out, ".SH \"METAPROP {}\"", command.get_name().to_uppercase())?;
            man.render_description_section(out)?;
            man.render_options_section(out)?;
        }
        Ok(())
    })?;
    Ok(Ending::Done)
}
