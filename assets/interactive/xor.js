/* Training runs on S3's fifty samples, frame by frame: what the network says everywhere, the
   accuracy and the loss. No library. The weights of every frame come from nnlib: a cell of the
   chapter puts them on the page. The frame it draws first (the end of the first run) is also kept as
   xor.svg. */
(() => {
  "use strict";

  // The drawing's own units; the picture is scaled to the width of the column.
  const WIDTH = 640, HEIGHT = 352;
  const PLANE = { left: 8, top: 30, size: 312 };
  const CHARTS = [
    { name: "accuracy", left: 384, right: 632, top: 30, bottom: 158, low: 0.4, high: 1, ticks: ["0.5", "1"] },
    { name: "loss", left: 384, right: 632, top: 196, bottom: 318, low: 0, high: 0.4, ticks: ["0", "0.4"] },
  ];
  const REACH = 3, CELLS = 52;
  const r = (v) => Math.round(v * 10) / 10;
  const place = (x, y) => [
    r(PLANE.left + ((x / REACH + 1) / 2) * PLANE.size),
    r(PLANE.top + ((1 - y / REACH) / 2) * PLANE.size),
  ];

  // --- the network --------------------------------------------------------------------------------

  // Weights come in one row: W1 (from x1, then from x2), b1, W2 (a pair for each unit), b2.
  const gapOf = (w) => {
    const units = (w.length - 2) / 5;
    return (x, y) => {
      let gap = w[5 * units + 1] - w[5 * units];
      for (let j = 0; j < units; j++) {
        const z = x * w[j] + y * w[units + j] + w[2 * units + j];
        gap += (w[3 * units + 2 * j + 1] - w[3 * units + 2 * j]) / (1 + Math.exp(-z));
      }
      return gap;
    };
  };

  // --- the drawing --------------------------------------------------------------------------------

  const ground = (gap) => {
    const at = [];
    for (let i = 0; i <= CELLS; i++) at.push(REACH * ((2 * i) / CELLS - 1));
    const height = at.map((y) => at.map((x) => gap(x, y)));
    const cross = (a, b) => a / (a - b);
    const half = PLANE.size / CELLS / 2;
    let said = "", border = "";
    height.forEach((row, i) => {
      const [, middle] = place(0, at[i]);
      const top = Math.max(PLANE.top, middle - half);
      const bottom = Math.min(PLANE.top + PLANE.size, middle + half);
      let from = row[0] > 0 ? at[0] : null;
      for (let j = 1; j <= CELLS; j++) {
        const before = row[j - 1] > 0, now = row[j] > 0;
        const x = before === now ? at[j] : at[j - 1] + cross(row[j - 1], row[j]) * (at[j] - at[j - 1]);
        if (now && !before) from = x;
        if (from !== null && ((before && !now) || (now && j === CELLS))) {
          said += `M${place(from, 0)[0]} ${r(top)}H${place(x, 0)[0]}V${r(bottom)}H${place(from, 0)[0]}Z`;
          from = null;
        }
      }
    });
    // Where the sign changes along two sides of a cell, a piece of the border joins them.
    for (let i = 0; i < CELLS; i++) {
      for (let j = 0; j < CELLS; j++) {
        const a = height[i][j], b = height[i][j + 1], c = height[i + 1][j + 1], d = height[i + 1][j];
        const w = at[j + 1] - at[j];
        const ends = [];
        if (a > 0 !== b > 0) ends.push([at[j] + cross(a, b) * w, at[i]]);
        if (b > 0 !== c > 0) ends.push([at[j + 1], at[i] + cross(b, c) * w]);
        if (d > 0 !== c > 0) ends.push([at[j] + cross(d, c) * w, at[i + 1]]);
        if (a > 0 !== d > 0) ends.push([at[j], at[i] + cross(a, d) * w]);
        for (let k = 0; k + 1 < ends.length; k += 2) {
          border += `M${place(...ends[k]).join(" ")}L${place(...ends[k + 1]).join(" ")}`;
        }
      }
    }
    return `<path class="said" d="${said}"/><path class="border" d="${border}"/>`;
  };

  const samples = (points, labels, gap) =>
    points
      .map(([px, py], i) => {
        const [x, y] = place(px, py);
        const right = gap(px, py) > 0 === (labels[i] === 1);
        const mark = labels[i]
          ? `<path class="one" d="M${r(x - 6)} ${r(y + 5)}H${r(x + 6)}L${x} ${r(y - 6)}Z"/>`
          : `<circle class="zero" cx="${x}" cy="${y}" r="5"/>`;
        const miss = `<path class="miss" d="M${r(x - 7)} ${r(y - 7)}L${r(x + 7)} ${r(y + 7)}M${r(x - 7)} ${r(y + 7)}L${r(x + 7)} ${r(y - 7)}"/>`;
        return mark + (right ? "" : miss);
      })
      .join("");

  const chart = (box, steps, curves, frame) => {
    const last = steps[steps.length - 1];
    const x = (step) => r(box.left + (step / last) * (box.right - box.left));
    const y = (value) => {
      const share = (Math.min(Math.max(value, box.low), box.high) - box.low) / (box.high - box.low);
      return r(box.bottom - share * (box.bottom - box.top));
    };
    let out = `<path class="axis" d="M${box.left} ${box.top}V${box.bottom}H${box.right}"/>`;
    out += `<text x="${box.left}" y="${box.top - 9}">${box.name}</text>`;
    for (const tick of box.ticks) {
      out += `<text x="${box.left - 6}" y="${r(y(Number(tick)) + 6)}" text-anchor="end">${tick}</text>`;
    }
    curves.forEach(([look, values]) => {
      const points = values.map((value, i) => `${x(steps[i])} ${y(value)}`);
      out += `<path class="${look} coming" d="M${points.join("L")}"/>`;
      if (frame > 0 && frame < values.length) {
        out += `<path class="${look}" d="M${points.slice(0, frame + 1).join("L")}"/>`;
      }
      const at = Math.min(frame, values.length - 1);
      out += `<circle cx="${x(steps[at])}" cy="${y(values[at])}" r="5"/>`;
    });
    return out;
  };

  const drawing = (story, run, frame) => {
    const gap = gapOf(run.weights[frame]);
    const corner = PLANE.left, bottom = PLANE.top + PLANE.size;
    let out = ground(gap) + samples(story.points, story.labels, gap);
    out += `<path class="axis" d="M${corner} ${PLANE.top}H${corner + PLANE.size}V${bottom}H${corner}Z"/>`;
    out += `<text x="${corner}" y="${PLANE.top - 9}">what it says</text>`;
    out += chart(CHARTS[0], story.steps, [["solid", run.train], ["dashed", run.fresh]], frame);
    out += chart(CHARTS[1], story.steps, [["solid", run.loss]], frame);
    out += `<text x="632" y="344" text-anchor="end">steps</text>`;
    return (
      '<svg xmlns="http://www.w3.org/2000/svg" class="xor-drawing" ' +
      `viewBox="0 0 ${WIDTH} ${HEIGHT}">${out}</svg>`
    );
  };

  const report = (story, run, frame) => {
    const n = story.points.length;
    const right = Math.round(run.train[frame] * n);
    const over = frame + 1 === run.weights.length && run.weights.length < story.steps.length;
    return (
      `${run.name}: step ${story.steps[frame]} of ${story.steps[story.steps.length - 1]}, ` +
      `loss ${run.loss[frame].toFixed(4)}, ${right} of ${n} samples right, ` +
      `${(100 * run.fresh[frame]).toFixed(1)} % of new ones.` +
      (over ? " After this the numbers overflow." : "")
    );
  };

  // --- the controls -------------------------------------------------------------------------------

  const start = (figure, story) => {
    const name = `xor-${document.querySelectorAll(".interactive-live").length}`;
    const live = document.createElement("div");
    live.className = "interactive-live";
    live.innerHTML =
      '<div class="interactive-drawing" aria-hidden="true"></div>' +
      '<div class="interactive-controls interactive-steps">' +
      '<button type="button" data-do="play">▶ play</button>' +
      '<label class="interactive-slider">step <input type="range" min="0" step="1"></label></div>' +
      '<div class="interactive-controls"><fieldset class="interactive-runs"><legend>run</legend>' +
      story.runs
        .map((run, i) => `<label><input type="radio" name="${name}" value="${i}"> ${run.name}</label>`)
        .join("") +
      "</fieldset></div>" +
      '<p class="interactive-output" role="status" aria-live="polite"></p>';
    const slider = live.querySelector("input[type=range]");
    const button = live.querySelector("button");
    const output = live.querySelector(".interactive-output");
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    let run = story.runs[0], frame = run.weights.length - 1, timer = null;

    const show = () => {
      live.querySelector(".interactive-drawing").innerHTML = drawing(story, run, frame);
      output.textContent = report(story, run, frame);
      slider.max = run.weights.length - 1;
      slider.value = frame;
      slider.setAttribute("aria-valuetext", `step ${story.steps[frame]}`);
    };
    const pause = () => {
      clearInterval(timer);
      timer = null;
      button.textContent = "▶ play";
      output.setAttribute("aria-live", "polite");
    };
    const play = () => {
      const last = run.weights.length - 1;
      if (frame === last) frame = 0;
      button.textContent = "❚❚ pause";
      output.setAttribute("aria-live", "off"); // not a sentence for every frame
      // Who asks for less motion gets a few still pictures in place of a film.
      const [stride, wait] = calm.matches ? [8, 1500] : [1, 150];
      timer = setInterval(() => {
        frame = Math.min(last, frame + stride);
        if (frame === last) pause();
        show();
      }, wait);
      show();
    };
    button.addEventListener("click", () => (timer === null ? play() : pause()));
    slider.addEventListener("input", () => { pause(); frame = Number(slider.value); show(); });
    live.querySelectorAll("input[type=radio]").forEach((radio, i) => {
      radio.checked = i === 0;
      radio.addEventListener("change", () => {
        pause();
        run = story.runs[i];
        frame = run.weights.length - 1;
        show();
      });
    });
    figure.querySelector(".interactive-still").after(live);
    figure.classList.add("interactive-started");
    show();
  };

  const data = document.querySelector("script.xor-runs");
  if (!data) return;
  const story = JSON.parse(data.textContent);
  document
    .querySelectorAll('.interactive[data-figure="xor"]')
    .forEach((figure) => start(figure, story));
})();
