/// An element of HTML or SVG. Attributes are escaped; the content is not: it is elements, or `escaped` text.
func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: String = "")
  -> String
{
  let list = attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
  return "<\(name)\(list)>\(content)</\(name)>"
}

/// A table, which scrolls on its own where it is wider than the page.
///
/// - Parameters:
///   - head: The titles of the columns. The first column names its row, the others are numbers unless in `texts`.
///   - texts: Columns of text.
///   - marked: Rows that stand out.
func table(
  _ caption: String, _ head: [String], _ rows: [[String]], texts: Set<Int> = [], marked: Set<Int> = []
) -> String {
  func style(_ column: Int) -> String { texts.contains(column) ? "text" : "number" }
  let titles = head.enumerated().map { column, title in
    column == 0
      ? element("th", ["scope": "col"], escaped(title))
      : element("th", ["scope": "col", "class": style(column)], escaped(title))
  }
  let body = rows.enumerated().map { index, row in
    let cells = row.enumerated().map { column, cell in
      column == 0
        ? element("th", ["scope": "row"], escaped(cell))
        : element("td", ["class": style(column)], escaped(cell))
    }
    return element("tr", marked.contains(index) ? ["class": "marked"] : [:], cells.joined())
  }
  let content =
    element("caption", [:], escaped(caption)) + element("thead", [:], element("tr", [:], titles.joined()))
    + element("tbody", [:], body.joined(separator: "\n"))
  // What scrolls must be reached by the keyboard, and then needs a name.
  return element(
    "div", ["class": "scroll", "role": "region", "tabindex": "0", "aria-label": caption],
    element("table", [:], content))
}

/// What is shown when it is opened.
func details(_ summary: String, _ content: String) -> String {
  element("details", [:], element("summary", [:], escaped(summary)) + content)
}

/// A chapter of the page.
func section(_ id: String, _ title: String, _ content: String) -> String {
  element(
    "section", ["aria-labelledby": id], element("h3", ["id": id], escaped(title)) + "\n" + content)
    + "\n"
}

/// A paragraph.
func paragraph(_ text: String) -> String { element("p", [:], escaped(text)) }
