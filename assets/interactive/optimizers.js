/* Four optimizers from one start, played step by step; the reader sets the learning rates.
   No library. The frame it draws first (the stretched bowl, the book's rates, after all steps) is
   kept as optimizers.svg. */
(() => {
  "use strict";

  // Each is f = ½ xᵀA x, so the gradient is A x.
  const turned = (a, b, degrees) => {
    const c = Math.cos((degrees * Math.PI) / 180), s = Math.sin((degrees * Math.PI) / 180);
    return [[a * c * c + b * s * s, (a - b) * c * s], [(a - b) * c * s, a * s * s + b * c * c]];
  };
  const BOOK = [0.95, 0.1, 1.5, 0.3];
  const LANDS = {
    bowl: { A: turned(0.1, 2, 0), start: [-7, 2], rates: BOOK, reach: [10, 4], steps: 30 },
    turned: { A: turned(0.1, 2, 30), start: [-7.062178, -1.767949], rates: BOOK, reach: [15, 6], steps: 30 },
    saddle: { A: turned(2, -2, 0), start: [1, 1e-6], rates: [0.1, 0.1, 0.1, 0.1], reach: [2, 0.8], steps: 50 },
  };

  // A method turns gradient, memory and the step's number into a move, coordinate by coordinate.
  const METHODS = [
    { name: "gradient descent", move: (g, m, t, rate) => rate * g },
    { name: "momentum", move: (g, m, t, rate) => rate * (m[0] = 0.9 * m[0] + g) },
    { name: "AdaGrad", move: (g, m, t, rate) => (rate * g) / (Math.sqrt((m[0] += g * g)) + 1e-10) },
    {
      name: "Adam",
      move: (g, m, t, rate) => {
        m[0] = 0.9 * m[0] + 0.1 * g;
        m[1] = 0.999 * m[1] + 0.001 * g * g;
        const mean = m[0] / (1 - 0.9 ** t), square = m[1] / (1 - 0.999 ** t);
        return (rate * mean) / (Math.sqrt(square) + 1e-8);
      },
    },
  ];

  const gradient = (land, x) => land.A.map((row) => row[0] * x[0] + row[1] * x[1]);
  const loss = (land, x) => {
    const g = gradient(land, x);
    return (x[0] * g[0] + x[1] * g[1]) / 2;
  };
  const walk = (land, method, rate) => {
    const memory = [[0, 0], [0, 0]], points = [land.start];
    for (let t = 1; t <= land.steps; t++) {
      const x = points[t - 1], g = gradient(land, x);
      points.push(x.map((value, i) => value - method.move(g[i], memory[i], t, rate)));
    }
    return points;
  };

  // --- the drawing, in its own units ---------------------------------------------------------------

  const WIDTH = 640, HEIGHT = 316;
  const BOX = { left: 44, right: 620, top: 30, bottom: 260.4 };
  const r = (v) => Math.round(v * 10) / 10;
  const minus = (text) => text.replace("-", "−");
  const place = (land, x) => [
    r(BOX.left + ((x[0] / land.reach[0] + 1) / 2) * (BOX.right - BOX.left)),
    r(BOX.bottom - ((x[1] / land.reach[1] + 1) / 2) * (BOX.bottom - BOX.top)),
  ];
  const inside = (land, x) => x.every((value, i) => Math.abs(value) <= land.reach[i] * 1.0001);

  // The line along which the quadratic has one height, from angle to angle.
  const contour = (land, height) => {
    let d = "", before = false;
    const pieces = land.A[1][1] < 0 ? 2880 : 180; // a hyperbola runs off within a small angle
    for (let i = 0; i <= pieces; i++) {
      const angle = (2 * Math.PI * i) / pieces, u = [Math.cos(angle), Math.sin(angle)];
      const size = height / loss(land, u);
      const point = u.map((value) => Math.sqrt(Math.max(size, 0)) * value);
      const now = size > 0 && inside(land, point);
      if (now) d += `${before ? "L" : "M"}${place(land, point).join(" ")}`;
      before = now;
    }
    return `<path class="contour" d="${d}"/>`;
  };
  const heights = (land) =>
    land.A[1][1] < 0 ? [-0.5, -0.2, -0.05, 0.05, 0.3, 1, 2] : [0.3, 1, 2.5, 4.5, 7, 10, 15];

  const axes = (land) => {
    let out = `<path class="axis" d="M${BOX.left} ${BOX.top}V${BOX.bottom}H${BOX.right}"/>`;
    for (let i = -2; i <= 2; i++) {
      const x = r(BOX.left + ((i + 2) / 4) * (BOX.right - BOX.left));
      const text = minus(String((land.reach[0] * i) / 2));
      out += `<text x="${x}" y="${BOX.bottom + 26}" text-anchor="${i === 2 ? "end" : "middle"}">${text}</text>`;
    }
    out += `<text x="${(3 * BOX.left + 5 * BOX.right) / 8}" y="${BOX.bottom + 46}" text-anchor="middle">x₀</text>`;
    return out + `<text x="${BOX.left + 6}" y="${BOX.top - 8}">x₁</text>`;
  };

  const MARKS = [
    (x, y) => `M${r(x - 4)} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0`,
    (x, y) => `M${r(x - 3.6)} ${r(y - 3.6)}h7.2v7.2h-7.2z`,
    (x, y) => `M${x} ${r(y - 4.6)}l4.4 8h-8.8z`,
    (x, y) => `M${x} ${r(y - 5)}l4.6 5l-4.6 5l-4.6 -5z`,
  ];
  const run = (land, points, step, k) => {
    const left = points.findIndex((x) => !inside(land, x));
    const shown = points.slice(0, Math.min(step + 1, left < 0 ? points.length : left));
    const at = shown.map((x) => place(land, x));
    return (
      `<path class="run run-${k}" d="M${at.map((one) => one.join(" ")).join("L")}"/>` +
      `<path class="mark mark-${k}" d="${at.slice(1).map((one) => MARKS[k](...one)).join("")}"/>`
    );
  };

  const drawing = (land, walks, step) => {
    const [x, y] = place(land, land.start), [x0, y0] = place(land, [0, 0]);
    const star = land.A[1][1] < 0 ? "" : `<text x="${x0}" y="${y0 + 8}" text-anchor="middle" class="star">★</text>`;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" class="race-drawing" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
      axes(land) + heights(land).map((height) => contour(land, height)).join("") + star +
      walks.map((points, k) => run(land, points, step, k)).join("") +
      `<rect class="start" x="${r(x - 6.5)}" y="${r(y - 6.5)}" width="13" height="13"/></svg>`
    );
  };

  // --- the sentence --------------------------------------------------------------------------------

  const words = (v) => {
    const size = Math.abs(v);
    if (!Number.isFinite(v)) return "beyond all bounds";
    if (size === 0) return "0";
    if (size >= 1e-3 && size < 1e4) return minus(String(Number(v.toPrecision(3))));
    const exponent = Math.floor(Math.log10(size) + 1e-9);
    const raised = String(Math.abs(exponent)).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
    return `${minus((v / 10 ** exponent).toFixed(1))} × 10${exponent < 0 ? "⁻" : ""}${raised}`;
  };
  const report = (land, walks, step) => {
    const start = `Step ${step} of ${land.steps}. `;
    if (land.A[1][1] < 0) {
      const below = walks.map((points) => points.slice(0, step + 1).findIndex((x) => loss(land, x) < 0));
      return start + "Below the saddle: " + METHODS.map((method, k) =>
        `${method.name} ${below[k] < 0 ? "not yet" : `since step ${below[k]}`}`).join(", ") + ".";
    }
    const losses = walks.map((points) => loss(land, points[step]));
    const sizes = losses.map((value) => (Number.isFinite(value) ? value : Infinity));
    const leader = sizes.indexOf(Math.min(...sizes));
    return start + "Losses: " + METHODS.map((method, k) => `${method.name} ${words(losses[k])}`).join(", ") +
      (step ? `. ${METHODS[leader].name} leads.` : ".").replace(/(\. )(\w)/, (all, dot, letter) => dot + letter.toUpperCase());
  };

  // --- the controls --------------------------------------------------------------------------------

  const sample = (k) =>
    `<svg class="race-sample" viewBox="0 0 48 14" aria-hidden="true"><path class="run run-${k}" d="M0 7H48"/>` +
    `<path class="mark mark-${k}" d="${MARKS[k](24, 7)}"/></svg>`;

  const start = (figure) => {
    const live = document.createElement("div");
    live.className = "interactive-live";
    live.innerHTML =
      '<div class="interactive-drawing" aria-hidden="true"></div>' +
      '<div class="interactive-controls interactive-steps">' +
      '<button type="button" data-do="play">▶ play</button>' +
      '<label class="interactive-slider">step <input type="range" min="0" step="1"></label></div>' +
      '<div class="interactive-controls race-rates">' +
      METHODS.map((method, k) =>
        `<label class="interactive-number">${sample(k)}<span>${method.name} <i>η</i> =</span> ` +
        '<input type="number" step="any"></label>').join("") + "</div>" +
      '<div class="interactive-controls"><fieldset><legend>landscape</legend>' +
      '<label><input type="radio" value="bowl" checked> stretched bowl</label>' +
      '<label><input type="radio" value="turned"> turned by 30°</label>' +
      '<label><input type="radio" value="saddle"> saddle</label></fieldset></div>' +
      '<p class="interactive-output race-output" role="status" aria-live="polite"></p>';
    const button = live.querySelector("button");
    const slider = live.querySelector("input[type=range]");
    const fields = [...live.querySelectorAll("input[type=number]")];
    const radios = live.querySelectorAll("input[type=radio]");
    const output = live.querySelector(".interactive-output");
    const name = `race-${document.querySelectorAll(".interactive-live").length}`;
    radios.forEach((radio) => { radio.name = name; });
    let land, rates, walks, step, timer = null;

    const show = (to) => {
      step = to;
      live.querySelector(".interactive-drawing").innerHTML = drawing(land, walks, step);
      output.textContent = report(land, walks, step);
      slider.value = step;
      slider.setAttribute("aria-valuetext", `step ${step} of ${land.steps}`);
    };
    const pause = () => {
      clearInterval(timer);
      timer = null;
      button.textContent = "▶ play";
      output.setAttribute("aria-live", "polite");
    };
    const play = () => {
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) { show(land.steps); return; }
      if (step === land.steps) show(0);
      button.textContent = "❚❚ pause";
      output.setAttribute("aria-live", "off"); // read out at the end, not at every step
      timer = setInterval(() => {
        if (step + 1 >= land.steps) pause();
        show(step + 1);
      }, 200);
    };
    const race = (to) => {
      walks = METHODS.map((method, k) => walk(land, method, rates[k]));
      show(to);
    };
    const change = (chosen) => {
      pause();
      // The bowl and the turned bowl are the same race: rates that were set stay.
      const fresh = LANDS[chosen];
      if (!land || land.steps !== fresh.steps) rates = [...fresh.rates];
      land = fresh;
      slider.max = land.steps;
      fields.forEach((field, k) => { field.value = rates[k]; });
      race(land.steps);
    };
    button.addEventListener("click", () => (timer ? pause() : play()));
    slider.addEventListener("input", () => { pause(); show(Number(slider.value)); });
    fields.forEach((field, k) => {
      field.addEventListener("input", () => {
        const value = field.valueAsNumber;
        if (!Number.isFinite(value)) return;
        pause();
        rates[k] = Math.min(Math.max(value, 0), 1000);
        race(land.steps);
      });
      field.addEventListener("change", () => { field.value = rates[k]; });
    });
    radios.forEach((radio) => radio.addEventListener("change", () => change(radio.value)));
    figure.querySelector(".interactive-still").after(live);
    figure.classList.add("interactive-started");
    change("bowl");
  };

  document.querySelectorAll('.interactive[data-figure="optimizers"]').forEach(start);
})();
