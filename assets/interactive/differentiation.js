/* The secant that turns into the tangent: f(x) = 0.01 x² + 0.1 x at x = 5, with a slider for h.
   No library. The frame it draws first (h = 10, forward) is also kept as differentiation.svg. */
(() => {
  "use strict";

  const f = (x) => 0.01 * x * x + 0.1 * x;
  const X0 = 5;
  const TRUE_SLOPE = 0.2;

  // The drawing's own units; the picture is scaled to the width of the column.
  const WIDTH = 640, HEIGHT = 380;
  const BOX = { left: 44, right: 620, top: 40, bottom: 318 };
  const px = (x) => BOX.left + (x / 20) * (BOX.right - BOX.left);
  const py = (y) => BOX.bottom - (y / 6) * (BOX.bottom - BOX.top);
  const r = (v) => Math.round(v * 10) / 10;

  // The part of a line through (a, f(a)) that lies inside the frame, 0 <= x <= 20 and 0 <= y <= 6.
  // Every slope drawn here is positive.
  const line = (a, slope) => {
    const at = (x) => f(a) + slope * (x - a);
    const from = Math.max(0, a - f(a) / slope);
    const to = Math.min(20, a + (6 - f(a)) / slope);
    return `M${r(px(from))} ${r(py(at(from)))}L${r(px(to))} ${r(py(at(to)))}`;
  };

  const quotient = (h, central) =>
    central ? (f(X0 + h) - f(X0 - h)) / (2 * h) : (f(X0 + h) - f(X0)) / h;

  const curve = () => {
    let d = "";
    for (let x = 0; x <= 20; x += 0.5) d += `${d ? "L" : "M"}${r(px(x))} ${r(py(f(x)))}`;
    return d;
  };

  const axes = () => {
    let out = `<path class="axis" d="M${BOX.left} ${BOX.top}V${BOX.bottom}H${BOX.right}"/>`;
    for (let x = 0; x <= 20; x += 5) {
      out += `<path class="grid" d="M${r(px(x))} ${BOX.top}V${BOX.bottom}"/>`;
      out += `<text x="${r(px(x))}" y="${BOX.bottom + 27}" text-anchor="middle">${x}</text>`;
    }
    for (let y = 0; y <= 6; y += 2) {
      out += `<path class="grid" d="M${BOX.left} ${r(py(y))}H${BOX.right}"/>`;
      out += `<text x="${BOX.left - 10}" y="${r(py(y)) + 5}" text-anchor="end">${y}</text>`;
    }
    out += `<text x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">x</text>`;
    out += `<text x="${BOX.left + 8}" y="${BOX.top - 8}">f(x)</text>`;
    return out;
  };

  // The secant of a central difference runs through x₀ − h and x₀ + h, not through the point itself.
  const secant = (h, central) => line(central ? X0 - h : X0, quotient(h, central));

  // A point left of the frame is left out; the line through it is still drawn.
  const point = (x, label) =>
    x < 0
      ? ""
      : `<circle cx="${r(px(x))}" cy="${r(py(f(x)))}" r="5.5"/>` +
        (label ? `<text x="${r(px(x) - 9)}" y="${r(py(f(x)) - 9)}" text-anchor="end">${label}</text>` : "");

  const key = () =>
    [["curve", "the curve"], ["tangent", "tangent"], ["secant", "secant"]]
      .map(
        ([name, text], i) =>
          `<path class="${name}" d="M70 ${62 + 30 * i}h34"/>` +
          `<text x="114" y="${67 + 30 * i}">${text}</text>`,
      )
      .join("");

  const drawing = (h, central) => {
    const far = h > 0.8; // closer than this the labels would cover each other
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" class="secant-drawing" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
      axes() +
      `<path class="tangent" d="${line(X0, TRUE_SLOPE)}"/>` +
      `<path class="secant" d="${secant(h, central)}"/>` +
      `<path class="curve" d="${curve()}"/>` +
      (central ? point(X0 - h, far ? "x₀ − h" : "") : "") +
      point(X0 + h, far ? "x₀ + h" : "") +
      point(X0, "x₀") +
      key() +
      "</svg>"
    );
  };

  // Numbers that a reader can take in: three significant figures, small ones with a power of ten.
  const words = (v) => {
    const size = Math.abs(v);
    if (size < 1e-12) return "0"; // what is left is the rounding of the subtraction
    if (size >= 1e-3) return String(Number(v.toPrecision(3)));
    const exponent = Math.floor(Math.log10(size) + 1e-9);
    const raised = String(-exponent).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
    return `${(v / 10 ** exponent).toFixed(1)} × 10⁻${raised}`;
  };

  const start = (figure) => {
    const live = document.createElement("div");
    live.className = "interactive-live";
    live.innerHTML =
      `<div class="interactive-drawing" aria-hidden="true">${drawing(10, false)}</div>` +
      '<div class="interactive-controls">' +
      '<label class="interactive-slider">step <i>h</i> ' +
      '<input type="range" min="-3" max="1" step="0.05" value="1"></label>' +
      "<fieldset><legend>difference</legend>" +
      '<label><input type="radio" value="forward" checked> forward</label>' +
      '<label><input type="radio" value="central"> central</label>' +
      "</fieldset></div>" +
      '<p class="interactive-output" role="status" aria-live="polite"></p>';
    const slider = live.querySelector("input[type=range]");
    const radios = live.querySelectorAll("input[type=radio]");
    // Radio buttons belong together by name; two figures on a page must not share one.
    const name = `secant-${document.querySelectorAll(".interactive-live").length}`;
    radios.forEach((radio) => { radio.name = name; });

    const update = () => {
      const h = 10 ** Number(slider.value);
      const central = radios[1].checked;
      const slope = quotient(h, central);
      const error = slope - TRUE_SLOPE;
      live.querySelector(".interactive-drawing").innerHTML = drawing(h, central);
      slider.setAttribute("aria-valuetext", `h = ${words(h)}`);
      live.querySelector(".interactive-output").textContent =
        `h = ${words(h)}, slope of the secant = ${slope.toFixed(5)}, ` +
        `true slope ${TRUE_SLOPE}, error ${words(error)}.`;
    };
    slider.addEventListener("input", update);
    radios.forEach((radio) => radio.addEventListener("change", update));
    figure.querySelector(".interactive-still").after(live);
    figure.classList.add("interactive-started");
    update();
  };

  document.querySelectorAll('.interactive[data-figure="differentiation"]').forEach(start);
})();
