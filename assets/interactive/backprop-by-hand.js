/* One pass through the 3-2-1 network, there and back, filled in step by step.
   No library. Every number and every formula comes from nnlib: a cell of the chapter puts them on the
   page. The frame it draws first (nothing worked out yet) is also kept as backprop-by-hand.svg. */
(() => {
  "use strict";

  // The drawing's own units; the picture is scaled to the width of the column.
  const WIDTH = 640, HEIGHT = 550;
  const INPUTS = [60, 270, 480], HIDDEN = [145, 395], OUTPUT = 270;
  const LEFT = { from: 4, to: 88 }, MIDDLE = { from: 272, to: 412 }, RIGHT = { from: 496, to: 636 };
  // Where the numbers of a weight stand: on its line, as far from the next ones as it can be.
  const AT = {
    W1_11: 0.45, W1_12: 0.45, W1_13: 0.28, W1_21: 0.28, W1_22: 0.45, W1_23: 0.45,
  };
  const r = (v) => Math.round(v * 10) / 10;

  const NAME = /\b(?:d?W\d_\d+(?:_new)?|delta_(?:out|\d)|v_out|[vhx]\d|learning_rate|target|[ye])\b/g;
  const minus = (text) => text.replace("-", "−");

  const pretty = (name) => {
    if (name === "learning_rate") return "η";
    if (name === "target") return "t";
    const isNew = name.endsWith("_new");
    const parts = /^(d?W\d|delta|[vhxye])_?(\d+|out)?/.exec(name);
    const base = parts[1] === "delta" ? "δ" : parts[1];
    return (isNew ? "new " : "") + base + (parts[2] ? `<sub>${parts[2]}</sub>` : "");
  };

  const start = (figure, story) => {
    const given = new Set(story.given);
    const order = story.steps.flatMap((step) => step.names);
    const value = (name) =>
      minus(given.has(name) ? String(story.numbers[name]) : story.numbers[name].toFixed(4));
    const bracketed = (name) => (story.numbers[name] < 0 ? `(${value(name)})` : value(name));
    const signs = (html) =>
      html.replace(/\*\*2/g, "²").replace(/ \* /g, " · ").replace(/ - /g, " − ");
    const formula = (name) => {
      const text = story.formulas[name];
      const symbols = signs(text.replace(NAME, pretty));
      const put = signs(text.replace(NAME, bracketed)).replace(/\(\(([^()]*)\)\)/g, "($1)");
      return `${pretty(name)} = ${symbols} = ${put} = <strong>${value(name)}</strong>`;
    };

    // --- the drawing ---------------------------------------------------------------------------

    const drawing = (step) => {
      const known = new Set(story.steps.slice(0, step).flatMap((one) => one.names));
      const now = new Set(step ? story.steps[step - 1].names : []);
      const look = (name) => (now.has(name) ? "number now" : "number");
      const number = (name, label, x, y, anchor) =>
        known.has(name) || given.has(name)
          ? `<text class="${look(name)}" data-name="${name}" x="${r(x)}" y="${r(y)}" ` +
            `text-anchor="${anchor}">${label ? `${label} ` : ""}${value(name)}</text>`
          : "";
      const line = (x1, y1, x2, y2) => `<path class="wire" d="M${x1} ${y1}L${x2} ${y2}"/>`;
      const weight = (name, x, y, anchor) => {
        const fresh = `${name}_new`;
        return (
          (known.has(fresh) ? number(fresh, "→", x, y, anchor) : number(name, "", x, y, anchor)) +
          number(`d${name}`, "∂", x, y + 25, anchor)
        );
      };
      const box = (side, middle, half, title) =>
        `<rect class="unit" x="${side.from}" y="${middle - half}" width="${side.to - side.from}" ` +
        `height="${2 * half}" rx="9"/>` +
        `<text class="title" x="${(side.from + side.to) / 2}" y="${middle - half - 8}" ` +
        `text-anchor="middle">${title}</text>`;

      let out = "";
      for (const to of HIDDEN) {
        for (const from of INPUTS) out += line(LEFT.to, from, MIDDLE.from, to);
        out += line(MIDDLE.to, to, RIGHT.from, OUTPUT);
      }
      INPUTS.forEach((middle, i) => {
        const name = `x${i + 1}`;
        out += box(LEFT, middle, 20, `x${"₁₂₃"[i]}`);
        out += number(name, "", (LEFT.from + LEFT.to) / 2, middle + 7, "middle");
        HIDDEN.forEach((to, j) => {
          const key = `W1_${j + 1}${i + 1}`;
          out += weight(
            key,
            LEFT.to + AT[key] * (MIDDLE.from - LEFT.to),
            middle + AT[key] * (to - middle) - 3,
            "middle",
          );
        });
      });
      HIDDEN.forEach((middle, j) => {
        out += box(MIDDLE, middle, 52, `hidden ${j + 1}`);
        [["v", `v${j + 1}`], ["h", `h${j + 1}`], ["δ", `delta_${j + 1}`]].forEach(([label, name], k) => {
          out += number(name, label, MIDDLE.from + 10, middle - 22 + 30 * k, "start");
        });
        out += weight(`W2_${j + 1}`, 462, j ? 428 : 105, "start");
      });
      out += box(RIGHT, OUTPUT, 66, "output");
      [["v", "v_out"], ["y", "y"], ["e", "e"], ["δ", "delta_out"]].forEach(([label, name], k) => {
        out += number(name, label, RIGHT.from + 10, OUTPUT - 36 + 30 * k, "start");
      });
      out += number("target", "target", 636, 372, "end") + number("learning_rate", "η", 636, 530, "end");
      return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="pass-drawing" ' +
        `viewBox="0 0 ${WIDTH} ${HEIGHT}">${out}</svg>`
      );
    };

    // --- the controls --------------------------------------------------------------------------

    const live = document.createElement("div");
    live.className = "interactive-live";
    live.innerHTML =
      '<div class="interactive-drawing" aria-hidden="true"></div>' +
      '<div class="interactive-controls interactive-steps">' +
      '<button type="button" data-to="first">start again</button>' +
      '<button type="button" data-to="back">← back</button>' +
      '<button type="button" data-to="on">next →</button></div>' +
      '<div class="interactive-output pass-output" role="status" aria-live="polite"></div>' +
      '<p class="pass-hover"></p>';
    const last = story.steps.length;
    const hover = live.querySelector(".pass-hover");
    let step = 0;

    const show = (to) => {
      step = Math.min(last, Math.max(0, to));
      live.querySelector(".interactive-drawing").innerHTML = drawing(step);
      live.querySelectorAll("button").forEach((button) => {
        const dead = button.dataset.to === "on" ? step === last : step === 0;
        button.setAttribute("aria-disabled", String(dead));
      });
      hover.innerHTML = "";
      live.querySelector(".interactive-output").innerHTML = step
        ? `<p>Step ${step} of ${last}. ${story.steps[step - 1].heading}.</p>` +
          story.steps[step - 1].names.map((name) => `<p>${formula(name)}</p>`).join("")
        : `<p>Step 0 of ${last}. Weights, input, target and learning rate are given.</p>`;
    };

    live.querySelector(".interactive-steps").addEventListener("click", (event) => {
      const to = event.target.dataset.to;
      if (to) show(to === "first" ? 0 : step + (to === "on" ? 1 : -1));
    });
    live.addEventListener("keydown", (event) => {
      const to = { ArrowRight: step + 1, ArrowLeft: step - 1, Home: 0, End: last }[event.key];
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      show(to);
    });
    live.querySelector(".interactive-drawing").addEventListener("pointerover", (event) => {
      const name = event.target.dataset ? event.target.dataset.name : undefined;
      if (name && order.includes(name)) hover.innerHTML = formula(name);
    });
    figure.querySelector(".interactive-still").after(live);
    figure.classList.add("interactive-started");
    show(0);
  };

  const numbers = document.querySelector("script.pass-numbers");
  if (!numbers) return;
  const story = JSON.parse(numbers.textContent);
  document
    .querySelectorAll('.interactive[data-figure="backprop-by-hand"]')
    .forEach((figure) => start(figure, story));
})();
