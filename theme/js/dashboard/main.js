// The dashboard's charts answer: the drawing that came with the page is replaced by one that tells numbers to pointer and keys.
import uPlot from "uplot";

/** @typedef {{label: string, values: (number | null)[], colour: number, before: boolean}} Line */
/** @typedef {{at: string[], share: boolean, lines: Line[]}} Data */

/** Steps of the days, and of counts: there is no half a reader. */
const STEPS = [1, 2, 3, 5, 7, 10, 14, 20, 28, 50, 100, 200, 500, 1000];
const COUNTS = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((one) => one * 10 ** power)).flat();
const SHARES = [0.1, 0.2, 0.25, 0.5];

/**
 * A number as the page writes it.
 * @param {number | null | undefined} value
 * @param {boolean} share
 */
function told(value, share) {
  if (value === null || value === undefined) return "–";
  return share ? `${(value * 100).toFixed(1)} %` : value.toLocaleString("en");
}

/**
 * What the chart says of one point.
 * @param {Data} data
 * @param {number} index
 */
function readout(data, index) {
  return [data.at[index], ...data.lines.map((line) => `${line.label} ${told(line.values[index], data.share)}`)].join(
    " · ",
  );
}

/**
 * The chart's options in the colours that the page has now.
 * @param {Element} place
 * @param {Data} data
 * @param {(index: number | null | undefined) => void} point
 * @returns {import("uplot").Options}
 */
function options(place, data, point) {
  const style = getComputedStyle(place);
  /** @param {string} name */
  const colour = (name) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--rule"), width: 1 }, ticks: { show: false } };
  return {
    width: place.clientWidth,
    height: Math.max(200, Math.min(300, place.clientWidth * 0.5)),
    padding: [null, 36, null, null], // half of the last day's name
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: false },
      y: { range: (_chart, _low, high) => [0, data.share ? 1 : Math.max(4, high * 1.08)] },
    },
    axes: [
      { ...axis, incrs: STEPS, space: 80, size: 30, values: (_chart, splits) => splits.map((at) => data.at[at] ?? "") },
      {
        ...axis,
        incrs: data.share ? SHARES : COUNTS,
        size: (_chart, values) => Math.max(52, ...(values ?? []).map((value) => value.length * 7 + 16)),
        values: (_chart, splits) =>
          splits.map((value) => (data.share ? `${Math.round(value * 100)} %` : told(value, false))),
      },
    ],
    series: [
      {},
      ...data.lines.map((line) => ({
        label: line.label,
        stroke: colour(`--c${line.colour}`),
        width: line.before ? 1.5 : 2,
        dash: line.before ? [5, 5] : undefined,
        points: { show: data.at.length === 1 },
      })),
    ],
    hooks: { setCursor: [(chart) => point(chart.cursor.idx)] },
  };
}

/** @param {HTMLElement} figure */
function enliven(figure) {
  /** @type {Data} */
  const data = JSON.parse(figure.dataset.chart ?? "");
  const drawing = figure.querySelector(".drawing");
  if (!drawing) return;
  const place = document.createElement("div");
  const said = document.createElement("output");
  place.className = "live";
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", `${figure.dataset.title}. ${figure.dataset.hint}`);
  said.className = "readout";
  drawing.replaceWith(place, said);
  /** @type {import("uplot").AlignedData} */
  const rows = [data.at.map((_at, index) => index), ...data.lines.map((line) => line.values)];
  /** @type {uPlot | undefined} */
  let chart;
  // The last of which anything is known: hours of today that have not come have no numbers.
  let shown = data.at.findLastIndex((_at, index) =>
    data.lines.some(({ before, values }) => !before && values[index] !== null),
  );
  /** @param {number | null | undefined} index */
  const point = (index) => {
    if (index === null || index === undefined) return;
    shown = index;
    const words = readout(data, index);
    if (said.textContent !== words) said.textContent = words;
  };
  const draw = () => {
    chart?.destroy();
    chart = new uPlot(options(place, data, point), rows, place);
  };
  draw();
  point(shown);
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    draw();
  }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  place.addEventListener("keydown", (event) => {
    const last = data.at.length - 1;
    const targets = { ArrowLeft: shown - 1, ArrowRight: shown + 1, Home: 0, End: last };
    if (!chart || !(event.key in targets)) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, targets[/** @type {keyof typeof targets} */ (event.key)]));
    const value = data.lines[0]?.values[index] ?? 0;
    chart.setCursor({ left: chart.valToPos(index, "x"), top: chart.valToPos(value, "y") });
    point(index);
  });
}

// On a phone the views stand in one row that scrolls: the one that is shown is to be seen.
const here = document.querySelector("nav [aria-current]");
here?.closest("ul")?.scrollTo({ left: here instanceof HTMLElement ? here.offsetLeft - 40 : 0 });
for (const figure of document.querySelectorAll("[data-chart]")) {
  if (figure instanceof HTMLElement) enliven(figure);
}
