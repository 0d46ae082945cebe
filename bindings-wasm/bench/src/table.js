// What was measured, as rows of a table or as JSON.

/** How many times as long the peer took. */
const ratio = (row) => row.peer / row.ours;

/** Whether a row keeps its bar; rows without one only inform. */
export function keeps(row) {
  const { bar } = row;
  if (!bar) return true;
  if (bar.atMostMs !== undefined) return row.ours <= bar.atMostMs;
  if (bar.atMostTimes !== undefined) return row.ours / row.peer <= bar.atMostTimes;
  return ratio(row) >= bar.atLeast;
}

function time(ms) {
  if (ms === undefined) return "";
  if (ms < 1) return `${(ms * 1000).toFixed(1)} µs`;
  return `${ms.toFixed(ms < 100 ? 2 : 0)} ms`;
}

function cells(row) {
  const { bar = {} } = row;
  const times =
    row.peer === undefined ? "" : bar.atMostTimes !== undefined ? row.ours / row.peer : ratio(row);
  const asked =
    bar.atMostMs !== undefined ? `≤ ${bar.atMostMs} ms`
    : bar.atMostTimes !== undefined ? `≤ ${bar.atMostTimes} × its time`
    : bar.atLeast !== undefined ? `≥ ${bar.atLeast} ×`
    : "";
  return [
    row.what,
    time(row.ours),
    row.against ?? "",
    time(row.peer),
    times === "" ? "" : `${times.toFixed(2)} ×`,
    asked,
    asked === "" ? "" : keeps(row) ? "kept" : "MISSED",
  ];
}

/** The rows as text. */
export function table(rows) {
  const head = ["what", "ours", "beside", "its time", "ratio", "bar", ""];
  const lines = [head, ...rows.map(cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd())
    .join("\n");
}
