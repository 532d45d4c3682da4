// Tables of studies are sorted by a click on a head: once upwards, again downwards. Without script they are as they are.
for (const table of document.querySelectorAll("table.studies")) {
  const number = (cell) => {
    const text = cell.textContent.replace(/,/g, "").replace(/\u2212/g, "-").trim();
    const found = /^-?\d+(\.\d+)?/.exec(text);
    return found ? Number(found[0]) : NaN;
  };
  table.querySelectorAll("thead th").forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("thead th").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0];
      const rows = [...body.rows];
      const numbers = column > 0 && rows.some((row) => !Number.isNaN(number(row.cells[column])));
      rows.sort((one, two) => {
        const [a, b] = [one, two].map((row) => row.cells[column]);
        const order = numbers ? number(a) - number(b) || 0 : a.textContent.localeCompare(b.textContent, "en");
        return down ? -order : order;
      });
      body.append(...rows);
    });
  });
}
