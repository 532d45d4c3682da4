//! `metaprop completions` and `metaprop man`: made from the same definitions as the help.

use std::io::Write;

use crate::cli::args::CompletionsArgs;
use crate::cli::ending::Ending;
use crate::cli::examples;
use crate::cli::terminal::Terminal;
use crate::error::Error;

/// Prints the completions of a shell.
pub(crate) fn completions(args: &CompletionsArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut examples::command(), "metaprop", &mut text);
    terminal.print(&text)?;
    Ok(Ending::Done)
}

/// Prints the manual page: the program's, then each command's.
pub(crate) fn man(terminal: &Terminal) -> Result<Ending, Error> {
    let mut program = examples::command();
    program.build();
    terminal.stream(|out| {
        clap_mangen::Man::new(program.clone()).render(out)?;
        for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
            let man = clap_mangen::Man::new(command.clone());
            writeln!(out, ".SH \"METAPROP {}\"", command.get_name().to_uppercase())?;
            man.render_description_section(out)?;
            man.render_options_section(out)?;
            write_examples(command.get_name(), out)?;
        }
        Ok(())
    })?;
    Ok(Ending::Done)
}

/// The examples of a command as they are typed; of one with subcommands those of each.
fn write_examples(words: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let all = examples::examples_within(words);
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, ".SS Examples\n.nf")?;
    for line in all {
        writeln!(out, "{}", line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq"))?;
    }
    writeln!(out, ".fi")
}
