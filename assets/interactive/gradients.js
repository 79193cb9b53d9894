/* A direction u that turns about a point, and the slope met in it, for a valley and a round bowl.
   No library. The frame it draws first (valley, 0 degrees) is also kept as gradients.svg. */
(() => {
  "use strict";

  // Each is f = a x0² + b x1², looked at from one point; the minimum is the origin.
  const LANDS = {
    valley: { a: 0.05, b: 1, point: [-7, 2], heights: [0.5, 2, 4, 6.45, 10, 14] },
    bowl: { a: 1, b: 1, point: [-3, 2], heights: [1, 4, 8, 13, 20, 28, 38] },
  };

  // The drawing's own units; the picture is scaled to the width of the column.
  const WIDTH = 640, HEIGHT = 535;
  const PLAN = { left: 20, right: 620, top: 10, bottom: 250 };
  const GRAPH = { left: 60, right: 620, top: 290, bottom: 460 };
  const UNIT = 30; // of both axes of the plan: angles must look as they are
  const REACH = 2.6; // length of the arrow u
  const px = (x) => 320 + UNIT * x;
  const py = (y) => 130 - UNIT * y;
  const r = (v) => Math.round(v * 10) / 10;

  const degrees = (v) => (Math.atan2(v[1], v[0]) * 180) / Math.PI;
  const unit = (angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const gradient = (land) => [2 * land.a * land.point[0], 2 * land.b * land.point[1]];
  const slope = (land, angle) => {
    const g = gradient(land), u = unit(angle);
    return g[0] * u[0] + g[1] * u[1];
  };

  // The part of an ellipse f = height that lies inside the plan.
  const contour = (land, height) => {
    const at = (angle) => {
      const u = unit(angle);
      return [Math.sqrt(height / land.a) * u[0], Math.sqrt(height / land.b) * u[1]];
    };
    const inside = (angle) => Math.abs(at(angle)[0]) <= 10 && Math.abs(at(angle)[1]) <= 4;
    const put = (letter, angle) => `${letter}${r(px(at(angle)[0]))} ${r(py(at(angle)[1]))}`;
    const crossing = (within, without) => {
      for (let k = 0; k < 12; k++) {
        const middle = (within + without) / 2;
        if (inside(middle)) within = middle;
        else without = middle;
      }
      return within;
    };
    let d = inside(0) ? put("M", 0) : "";
    for (let angle = 3; angle <= 360; angle += 3) {
      const before = inside(angle - 3), now = inside(angle);
      if (now && !before) d += put("M", crossing(angle, angle - 3));
      if (now) d += put("L", angle);
      if (before && !now) d += put("L", crossing(angle - 3, angle));
    }
    return `<path class="contour" d="${d}"/>`;
  };

  const arrow = (name, from, angle, length) => {
    const u = unit(angle);
    const tip = [from[0] + length * u[0], from[1] + length * u[1]];
    const wing = (turn) => {
      const w = unit(angle + turn);
      return `${r(px(tip[0] + 0.5 * w[0]))} ${r(py(tip[1] + 0.5 * w[1]))}`;
    };
    return (
      `<path class="${name}" d="M${r(px(from[0]))} ${r(py(from[1]))}L${r(px(tip[0]))} ${r(py(tip[1]))}"/>` +
      `<path class="${name} head" d="M${wing(155)}L${r(px(tip[0]))} ${r(py(tip[1]))}L${wing(-155)}"/>`
    );
  };

  const plan = (land, angle) => {
    const g = gradient(land);
    return (
      land.heights.map((height) => contour(land, height)).join("") +
      `<path class="way" d="M${px(land.point[0])} ${py(land.point[1])}L${px(0)} ${py(0)}"/>` +
      arrow("tangent", land.point, degrees([-g[0], -g[1]]), REACH) +
      arrow("secant", land.point, angle, REACH) +
      `<circle cx="${px(land.point[0])}" cy="${py(land.point[1])}" r="5.5"/>` +
      `<text x="${px(0)}" y="${py(0) + 8}" text-anchor="middle" class="star">★</text>`
    );
  };

  const graph = (land, angle) => {
    const steepest = Math.hypot(...gradient(land));
    const gx = (a) => GRAPH.left + ((a + 180) / 360) * (GRAPH.right - GRAPH.left);
    const middle = (GRAPH.top + GRAPH.bottom) / 2;
    const gy = (s) => middle - (s / steepest) * 0.46 * (GRAPH.bottom - GRAPH.top);
    const g = gradient(land);
    let out = `<path class="axis" d="M${GRAPH.left} ${GRAPH.top}V${GRAPH.bottom}H${GRAPH.right}"/>`;
    for (let a = -180; a <= 180; a += 90) {
      out += `<path class="grid" d="M${r(gx(a))} ${GRAPH.top}V${GRAPH.bottom}"/>`;
      out += `<text x="${r(gx(a))}" y="${GRAPH.bottom + 27}" text-anchor="${a === 180 ? "end" : "middle"}">${a < 0 ? "−" : ""}${Math.abs(a)}°</text>`;
    }
    out += `<path class="axis" d="M${GRAPH.left} ${r(middle)}H${GRAPH.right}"/>`;
    out += `<text x="${GRAPH.left - 10}" y="${r(middle) + 5}" text-anchor="end">0</text>`;
    out += `<text x="${GRAPH.left - 30}" y="${GRAPH.top - 8}">slope</text>`;
    let d = "";
    for (let a = -180; a <= 180; a += 5) d += `${d ? "L" : "M"}${r(gx(a))} ${r(gy(slope(land, a)))}`;
    out += `<path class="curve" d="${d}"/>`;
    const mark = (name, a) =>
      `<path class="${name}" d="M${r(gx(a))} ${r(middle)}V${r(gy(slope(land, a)))}"/>`;
    out += mark("way", degrees(land.point.map((v) => -v)));
    out += mark("tangent", degrees([-g[0], -g[1]]));
    out += mark("secant", angle);
    out += `<circle cx="${r(gx(angle))}" cy="${r(gy(slope(land, angle)))}" r="5.5"/>`;
    return out;
  };

  const key = () =>
    [["secant", "u"], ["tangent", "−∇f"], ["way", "to the minimum"]]
      .map(
        ([name, text], i) =>
          `<path class="${name}" d="M${[70, 200, 370][i]} ${GRAPH.bottom + 58}h34"/>` +
          `<text x="${[70, 200, 370][i] + 44}" y="${GRAPH.bottom + 64}">${text}</text>`,
      )
      .join("");

  const drawing = (name, angle) =>
    `<svg xmlns="http://www.w3.org/2000/svg" class="direction-drawing" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
    plan(LANDS[name], angle) + graph(LANDS[name], angle) + key() + "</svg>";

  const minus = (text) => text.replace("-", "−");
  const words = (angle) => minus(`${Number(angle.toFixed(1))}°`);

  const start = (figure) => {
    const live = document.createElement("div");
    live.className = "interactive-live";
    live.innerHTML =
      `<div class="interactive-drawing" aria-hidden="true">${drawing("valley", 0)}</div>` +
      '<div class="interactive-controls">' +
      '<label class="interactive-slider">direction ' +
      '<input type="range" min="-180" max="180" step="1" value="0"></label>' +
      "<fieldset><legend>landscape</legend>" +
      '<label><input type="radio" value="valley" checked> valley</label>' +
      '<label><input type="radio" value="bowl"> round bowl</label>' +
      "</fieldset></div>" +
      '<p class="interactive-output" role="status" aria-live="polite"></p>';
    const slider = live.querySelector("input[type=range]");
    const radios = live.querySelectorAll("input[type=radio]");
    // Radio buttons belong together by name; two figures on a page must not share one.
    const name = `direction-${document.querySelectorAll(".interactive-live").length}`;
    radios.forEach((radio) => { radio.name = name; });

    const update = () => {
      const angle = Number(slider.value);
      const chosen = radios[0].checked ? "valley" : "bowl";
      const land = LANDS[chosen];
      const g = gradient(land);
      const down = degrees([-g[0], -g[1]]), way = degrees(land.point.map((v) => -v));
      const at = (a) => `${words(a)} (slope ${minus(slope(land, a).toFixed(2))})`;
      live.querySelector(".interactive-drawing").innerHTML = drawing(chosen, angle);
      slider.setAttribute("aria-valuetext", words(angle));
      live.querySelector(".interactive-output").textContent =
        `u points to ${at(angle)}, −∇f to ${at(down)}, the minimum lies at ${at(way)}.`;
    };
    slider.addEventListener("input", update);
    radios.forEach((radio) => radio.addEventListener("change", update));
    figure.querySelector(".interactive-still").after(live);
    figure.classList.add("interactive-started");
    update();
  };

  document.querySelectorAll('.interactive[data-figure="gradients"]').forEach(start);
})();
