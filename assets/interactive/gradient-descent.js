/* Gradient descent on a parabola or in a valley: the reader moves the start and the learning rate.
   No library. The frame it draws first (parabola, from 2.5 with rate 0.9) is kept as gradient-descent.svg. */
(() => {
  "use strict";

  // Each is f = half the sum of lambda x², so one step multiplies a coordinate by 1 − ηλ.
  const LANDS = {
    parabola: { lambda: [2], start: [2.5], rate: 0.9, most: 1.2, reach: [3], pieces: 120 },
    valley: { lambda: [1, 10], start: [-8, 2], rate: 0.18, most: 0.24, reach: [10, 4], pieces: 96 },
  };
  const STEPS = 20;

  // The drawing's own units; the picture is scaled to the width of the column.
  const WIDTH = 640, HEIGHT = 340;
  const BOX = { left: 44, right: 620, top: 30, bottom: 288 };
  const r = (v) => Math.round(v * 10) / 10;

  const path = (land, start, rate) => {
    const points = [start];
    for (let k = 0; k < STEPS; k++) {
      points.push(points[k].map((x, i) => (1 - rate * land.lambda[i]) * x));
    }
    return points;
  };

  // From a point to the place in the drawing: the curve's height stands in for a second coordinate.
  const place = (land, point) => {
    const flat = land.reach.length === 1;
    const x = BOX.left + ((point[0] / land.reach[0] + 1) / 2) * (BOX.right - BOX.left);
    const share = flat ? (point[0] * point[0]) / land.reach[0] ** 2 : (point[1] / land.reach[1] + 1) / 2;
    return [r(x), r(BOX.bottom - share * (BOX.bottom - BOX.top))];
  };
  const inside = (land, point) => point.every((x, i) => Math.abs(x) <= land.reach[i] * 1.0001);

  const ground = (land) => {
    let out = "";
    if (land.reach.length === 1) {
      let d = "";
      for (let i = 0; i <= land.pieces; i++) {
        const x = land.reach[0] * ((2 * i) / land.pieces - 1);
        d += `${d ? "L" : "M"}${place(land, [x]).join(" ")}`;
      }
      out += `<path class="curve" d="${d}"/>`;
    } else {
      for (const height of [1, 5, 15, 30, 50, 80]) {
        let d = "", before = false;
        for (let i = 0; i <= land.pieces; i++) {
          const angle = (2 * Math.PI * i) / land.pieces;
          const point = [Math.cos(angle), Math.sin(angle)].map(
            (u, k) => Math.sqrt((2 * height) / land.lambda[k]) * u,
          );
          const now = inside(land, point);
          if (now) d += `${before ? "L" : "M"}${place(land, point).join(" ")}`;
          before = now;
        }
        out += `<path class="contour" d="${d}"/>`;
      }
    }
    const [x, y] = place(land, land.reach.map(() => 0));
    return out + `<text x="${x}" y="${y + 8}" text-anchor="middle" class="star">★</text>`;
  };

  const axes = (land) => {
    let out = `<path class="axis" d="M${BOX.left} ${BOX.top}V${BOX.bottom}H${BOX.right}"/>`;
    const last = land.reach[0];
    for (let i = -2; i <= 2; i++) {
      const value = (last * i) / 2;
      const x = r(BOX.left + ((i + 2) / 4) * (BOX.right - BOX.left));
      out += `<text x="${x}" y="${BOX.bottom + 26}" text-anchor="${i === 2 ? "end" : "middle"}">${minus(String(value))}</text>`;
    }
    const names = land.reach.length === 1 ? ["x", "f(x) = x²"] : ["x₀", "x₁"];
    out += `<text x="${(3 * BOX.left + 5 * BOX.right) / 8}" y="${BOX.bottom + 44}" text-anchor="middle">${names[0]}</text>`;
    out += `<text x="${BOX.left + 6}" y="${BOX.top - 8}">${names[1]}</text>`;
    return out;
  };

  const walk = (land, start, rate) => {
    const points = path(land, start, rate);
    const left = points.findIndex((point) => !inside(land, point));
    const shown = (left < 0 ? points : points.slice(0, left)).map((point) => place(land, point));
    let out = `<path class="walk" d="M${shown.map((at) => at.join(" ")).join("L")}"/>`;
    for (const [x, y] of shown.slice(1)) out += `<circle cx="${x}" cy="${y}" r="4.5"/>`;
    const [x, y] = shown[0];
    return out + `<rect class="start" x="${r(x - 6.5)}" y="${r(y - 6.5)}" width="13" height="13"/>`;
  };

  const drawing = (land, start, rate) =>
    `<svg xmlns="http://www.w3.org/2000/svg" class="descent-drawing" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
    axes(land) + ground(land) + walk(land, start, rate) + "</svg>";

  function minus(text) {
    return text.replace("-", "−");
  }

  // Three significant figures; very small and very large numbers with a power of ten.
  const words = (v) => {
    const size = Math.abs(v);
    if (size === 0) return "0";
    if (size >= 1e-3 && size < 1e4) return minus(String(Number(v.toPrecision(3))));
    const exponent = Math.floor(Math.log10(size) + 1e-9);
    const raised = String(Math.abs(exponent)).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
    return `${minus((v / 10 ** exponent).toFixed(1))} × 10${exponent < 0 ? "⁻" : ""}${raised}`;
  };

  const verdict = (factor) => {
    if (Math.abs(Math.abs(factor) - 1) < 1e-9) return "the distance stays the same for ever";
    if (Math.abs(factor) > 1) return "the run diverges";
    if (Math.abs(factor) < 1e-9) return "one step is enough";
    return factor < 0 ? "it comes in from both sides in turn" : "it comes in from one side";
  };

  const report = (land, start, rate) => {
    const factors = land.lambda.map((lambda) => 1 - rate * lambda);
    const end = path(land, start, rate)[STEPS].map(words);
    if (factors.length === 1) {
      return `Each step multiplies x by ${words(factors[0])}: ${verdict(factors[0])}. After ${STEPS} steps x = ${end[0]}.`;
    }
    const worst = factors.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    const told = Math.abs(worst) >= 1 - 1e-9 ? verdict(worst) : "the run comes in";
    return `Each step multiplies x₀ by ${words(factors[0])} and x₁ by ${words(factors[1])}: ${told}. After ${STEPS} steps x = (${end.join(", ")}).`;
  };

  const start = (figure) => {
    const number = (name, label) =>
      `<label class="interactive-number" data-for="${name}"><span>${label}</span> <input type="number" step="any"></label>`;
    const live = document.createElement("div");
    live.className = "interactive-live";
    live.innerHTML =
      '<div class="interactive-drawing draggable" aria-hidden="true"></div>' +
      '<div class="interactive-controls">' +
      '<label class="interactive-slider">learning rate <i>η</i> <input type="range" min="0"></label>' +
      number("rate", "<i>η</i> =") + number("x0", "start <i>x</i> =") + number("x1", "start <i>x</i>₁ =") +
      "<fieldset><legend>landscape</legend>" +
      '<label><input type="radio" value="parabola" checked> parabola</label>' +
      '<label><input type="radio" value="valley"> valley</label>' +
      "</fieldset></div>" +
      '<p class="interactive-output" role="status" aria-live="polite"></p>';
    const slider = live.querySelector("input[type=range]");
    const field = (name) => live.querySelector(`[data-for=${name}] input`);
    const fields = { rate: field("rate"), x0: field("x0"), x1: field("x1") };
    const radios = live.querySelectorAll("input[type=radio]");
    const name = `descent-${document.querySelectorAll(".interactive-live").length}`;
    radios.forEach((radio) => { radio.name = name; });
    let land, point, rate;

    const update = (typing) => {
      live.querySelector(".interactive-drawing").innerHTML = drawing(land, point, rate);
      live.querySelector(".interactive-output").textContent = report(land, point, rate);
      slider.value = rate;
      slider.setAttribute("aria-valuetext", words(rate));
      const values = { rate, x0: point[0], x1: point[1] };
      for (const [key, input] of Object.entries(fields)) {
        if (input !== typing && values[key] !== undefined) input.value = Number(values[key].toFixed(4));
      }
    };
    const change = (chosen) => {
      land = LANDS[chosen];
      point = [...land.start];
      rate = land.rate;
      slider.max = land.most;
      slider.step = land.most / 120;
      live.querySelector("[data-for=x1]").hidden = land.reach.length === 1;
      live.querySelector("[data-for=x0] span").innerHTML = `start <i>x</i>${land.reach.length === 1 ? "" : "₀"} =`;
      update();
    };
    const typed = (event) => {
      const value = event.target.valueAsNumber;
      if (!Number.isFinite(value)) return;
      if (event.target === fields.rate) rate = Math.min(Math.max(value, 0), 1000);
      else {
        const i = event.target === fields.x0 ? 0 : 1;
        point[i] = Math.min(Math.max(value, -land.reach[i]), land.reach[i]);
      }
      update(event.target);
    };
    const dragged = (event) => {
      if (event.type === "pointermove" && !event.buttons) return;
      const frame = live.querySelector("svg").getBoundingClientRect();
      const x = ((event.clientX - frame.left) / frame.width) * WIDTH;
      const y = ((event.clientY - frame.top) / frame.height) * HEIGHT;
      const shares = [
        (2 * (x - BOX.left)) / (BOX.right - BOX.left) - 1,
        (2 * (BOX.bottom - y)) / (BOX.bottom - BOX.top) - 1,
      ];
      point = land.reach.map((reach, i) => reach * Math.min(Math.max(shares[i], -1), 1));
      event.preventDefault();
      update();
    };
    slider.addEventListener("input", () => { rate = Number(slider.value); update(); });
    Object.values(fields).forEach((input) => {
      input.addEventListener("input", typed);
      input.addEventListener("change", () => update());
    });
    radios.forEach((radio) => radio.addEventListener("change", () => change(radio.value)));
    const picture = live.querySelector(".interactive-drawing");
    picture.addEventListener("pointerdown", dragged);
    picture.addEventListener("pointermove", dragged);
    figure.querySelector(".interactive-still").after(live);
    figure.classList.add("interactive-started");
    change("parabola");
  };

  document.querySelectorAll('.interactive[data-figure="gradient-descent"]').forEach(start);
})();
