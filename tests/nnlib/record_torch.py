"""Record what torch's optimizers do, as the oracle of test_optimizers.py.

torch is no dependency of the project. Run this where torch is installed, after adding a row to
CASES: ``python tests/nnlib/record_torch.py``. It writes torch_optimizers.json beside itself.
"""

import json
from pathlib import Path

TARGET = Path(__file__).with_name("torch_optimizers.json")
STEPS = 12
START = (-1.2, 1.0)

#: nnlib's name and options, and torch's class and options. Every hyper-parameter differs from its
#: default in some row, and twelve steps are enough for each of them to matter.
CASES = [
    ("gradient descent", {"learning_rate": 0.001}, "SGD", {"lr": 0.001}),
    ("momentum", {"learning_rate": 0.0005}, "SGD", {"lr": 0.0005, "momentum": 0.9}),
    (
        "momentum",
        {"learning_rate": 0.001, "momentum": 0.5},
        "SGD",
        {"lr": 0.001, "momentum": 0.5},
    ),
    (
        "nesterov",
        {"learning_rate": 0.0005, "momentum": 0.8},
        "SGD",
        {"lr": 0.0005, "momentum": 0.8, "nesterov": True},
    ),
    ("adagrad", {"learning_rate": 0.5}, "Adagrad", {"lr": 0.5}),
    ("adagrad", {"learning_rate": 0.1, "eps": 0.3}, "Adagrad", {"lr": 0.1, "eps": 0.3}),
    ("rmsprop", {"learning_rate": 0.01}, "RMSprop", {"lr": 0.01}),
    (
        "rmsprop",
        {"learning_rate": 0.02, "decay": 0.7, "eps": 0.1},
        "RMSprop",
        {"lr": 0.02, "alpha": 0.7, "eps": 0.1},
    ),
    ("adam", {}, "Adam", {}),
    ("adam", {"learning_rate": 0.1}, "Adam", {"lr": 0.1}),
    (
        "adam",
        {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.6, "eps": 0.2},
        "Adam",
        {"lr": 0.1, "betas": (0.5, 0.6), "eps": 0.2},
    ),
    (
        "adam",
        {"learning_rate": 0.1, "weight_decay": 3.0},
        "Adam",
        {"lr": 0.1, "weight_decay": 3.0},
    ),
    (
        "adam",
        {"learning_rate": 0.3, "beta2": 0.5, "amsgrad": True},
        "Adam",
        {"lr": 0.3, "betas": (0.9, 0.5), "amsgrad": True},
    ),
    (
        "adam",
        {"learning_rate": 0.05, "weight_decay": 0.5, "maximize": True},
        "Adam",
        {"lr": 0.05, "weight_decay": 0.5, "maximize": True},
    ),
    ("adamw", {"learning_rate": 0.1}, "AdamW", {"lr": 0.1}),
    (
        "adamw",
        {"learning_rate": 0.2, "weight_decay": 0.4, "beta2": 0.5, "amsgrad": True},
        "AdamW",
        {"lr": 0.2, "weight_decay": 0.4, "betas": (0.9, 0.5), "amsgrad": True},
    ),
    (
        "adamw",
        {"learning_rate": 0.05, "weight_decay": 0.4, "maximize": True},
        "AdamW",
        {"lr": 0.05, "weight_decay": 0.4, "maximize": True},
    ),
]


def rosenbrock(w):
    """The banana, whose gradient changes size and sign on the first steps."""
    return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2


def valley(w):
    """The valley of condition number 100."""
    return (w[0] ** 2 + 100 * w[1] ** 2) / 2


def paths():
    """Every case on both functions, with the points after each step."""
    import torch

    for name, options, kind, torch_options in CASES:
        for f in (rosenbrock, valley):
            w = torch.tensor(START, dtype=torch.float64, requires_grad=True)
            optimizer = getattr(torch.optim, kind)([w], **torch_options)
            points = [w.tolist()]
            for _ in range(STEPS):
                optimizer.zero_grad()
                f(w).backward()
                optimizer.step()
                points.append(w.tolist())
            yield {"name": name, "options": options, "function": f.__name__, "path": points}


if __name__ == "__main__":
    import torch

    rows = ",\n".join(json.dumps(row) for row in paths())
    TARGET.write_text(f'{{"torch": "{torch.__version__}", "runs": [\n{rows}\n]}}\n')
    print(f"wrote {TARGET.name} with torch {torch.__version__}")
