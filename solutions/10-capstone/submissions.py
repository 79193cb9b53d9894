"""The demonstration class of this assignment: who hands in what, and the marks they must get."""

from tools.demo import Submission

FULL = {
    "split": 2,
    "standardise": 2,
    "balanced_accuracy": 1,
    "train_network": 2,
    "compare": 1,
    "my_program": 3,
}
NOTHING = dict.fromkeys(FULL, 0)

#: Another student's code, brought from the earlier assignments.
BROUGHT = """
def forward(params, X):
    H = np.tanh(np.dot(X, params['W1']) + params['b1'])
    Z = np.dot(H, params['W2']) + params['b2']
    P = np.exp(Z - Z.max(1).reshape(-1, 1))
    return H, P / P.sum(1).reshape(-1, 1)

def he(n_in, n_out, rng):
    return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))

class Momentum:
    def __init__(self):
        self.h = 0
    def move(self, g):
        self.h = 0.9 * self.h + g
        return self.h

class Adam:
    def __init__(self):
        self.m = self.v = self.t = 0
    def move(self, g):
        self.t += 1
        self.m = 0.9 * self.m + 0.1 * g
        self.v = 0.999 * self.v + 0.001 * g * g
        m, v = self.m / (1 - 0.9 ** self.t), self.v / (1 - 0.999 ** self.t)
        return m / (v ** 0.5 + 1e-8)

class Descent:
    def move(self, g):
        return g

RULES = {'descent': Descent, 'momentum': Momentum, 'adam': Adam}
"""

SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written",
        FULL,
        {
            "student_id": "student_id = 'Differently Written'",
            "my_code": BROUGHT,
            "split": (
                "def split(X, labels, fraction, rng):\n"
                "    order = list(range(len(X)))\n"
                "    rng.shuffle(order)\n"
                "    k = int(fraction * len(X) + 0.5)\n"
                "    return [X[order[:k]], labels[order[:k]], X[order[k:]], labels[order[k:]]]"
            ),
            "standardise": (
                "def standardise(train, *others):\n"
                "    out = [np.array(a, dtype=float) for a in (train,) + others]\n"
                "    for j in range(train.shape[1]):\n"
                "        m, s = train[:, j].mean(), train[:, j].std() or 1\n"
                "        for a in out:\n"
                "            a[:, j] = (a[:, j] - m) / s\n"
                "    return out"
            ),
            "balanced_accuracy": (
                "def balanced_accuracy(named, labels):\n"
                "    shares = []\n"
                "    for c in set(labels.tolist()):\n"
                "        mine = [a == c for a, b in zip(named, labels) if b == c]\n"
                "        shares.append(sum(mine) / len(mine))\n"
                "    return sum(shares) / len(shares)"
            ),
            "train_network": (
                "def train_network(params, X, labels, choices):\n"
                "    rules = {name: RULES[choices['optimizer']]() for name in params}\n"
                "    losses = []\n"
                "    while True:\n"
                "        H, P = forward(params, X)\n"
                "        losses.append(-np.log(P[range(len(X)), labels]).mean())\n"
                "        if len(losses) > choices['steps']:\n"
                "            return params, losses\n"
                "        D2 = (P - np.eye(P.shape[1])[labels]) / len(X)\n"
                "        D1 = (D2 @ params['W2'].T) * (1 - H ** 2)\n"
                "        g = {'W1': X.T @ D1, 'b1': D1.sum(0), 'W2': H.T @ D2, 'b2': D2.sum(0)}\n"
                "        params = {k: params[k] - choices['learning_rate'] * rules[k].move(g[k])\n"
                "                  for k in params}"
            ),
            "compare": (
                "def compare(settings, score, seeds):\n"
                "    S = np.array([[score(one, seed) for seed in seeds] for one in settings])\n"
                "    table = np.column_stack([np.median(S, axis=1), S.max(1) - S.min(1)])\n"
                "    return table, int(table[:, 0].argmax())"
            ),
            "my_program": (
                "def my_program(X, labels, X_new, rng):\n"
                "    train, new = standardise(X, X_new)\n"
                "    c = len(set(labels.tolist()))\n"
                "    start = {'W1': he(2, 24, rng), 'b1': np.zeros(24),\n"
                "             'W2': he(24, c, rng), 'b2': np.zeros(c)}\n"
                "    choices = {'optimizer': 'momentum', 'learning_rate': 0.5, 'steps': 300}\n"
                "    params, _ = train_network(start, train, labels, choices)\n"
                "    return forward(params, new)[1].argmax(axis=1)"
            ),
        },
    ),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-the-warm-up",
        {**NOTHING, "split": 2, "standardise": 2, "balanced_accuracy": 1},
        {
            "student_id": "student_id = 'only-the-warm-up'",
            "split": (
                "def split(X, labels, fraction, rng):\n"
                "    order = rng.permutation(len(X))\n"
                "    k = round(fraction * len(X))\n"
                "    return X[order[:k]], labels[order[:k]], X[order[k:]], labels[order[k:]]"
            ),
            "standardise": (
                "def standardise(train, *others):\n"
                "    m, s = train.mean(0), train.std(0)\n"
                "    s = np.where(s > 0, s, 1)\n"
                "    return [(a - m) / s for a in (train, *others)]"
            ),
            "balanced_accuracy": (
                "def balanced_accuracy(named, labels):\n"
                "    return np.mean([(named[labels == c] == c).mean() for c in np.unique(labels)])"
            ),
        },
        attempted=False,
    ),
    Submission(
        "leaks",
        # Cut without shuffling; everything standardised together, which costs once; the plain share; the best run
        # kept.
        {
            **FULL,
            "split": 1,
            "standardise": 1,
            "balanced_accuracy": 0,
            "compare": 0,
        },
        {
            "split": (
                "def split(X, labels, fraction, rng):\n"
                "    k = round(fraction * len(X))\n"
                "    return X[:k], labels[:k], X[k:], labels[k:]"
            ),
            "standardise": (
                "def standardise(train, *others):\n"
                "    everything = np.vstack([train, *others])\n"
                "    m, s = everything.mean(axis=0), everything.std(axis=0)\n"
                "    return [(a - m) / np.where(s > 0, s, 1) for a in (train, *others)]"
            ),
            "balanced_accuracy": (
                "def balanced_accuracy(named, labels):\n    return np.mean(named == labels)"
            ),
            "compare": (
                "def compare(settings, score, seeds):\n"
                "    table = []\n"
                "    for setting in settings:\n"
                "        found = [score(setting, seed) for seed in seeds]\n"
                "        table.append((max(found), max(found) - min(found)))\n"
                "    return table, np.argmax([row[0] for row in table])"
            ),
        },
    ),
    Submission(
        "labels-out-of-step",
        # Samples and labels shuffled apart; a training without biases in the sums.
        {**FULL, "split": 1, "train_network": 0},
        {
            "split": (
                "def split(X, labels, fraction, rng):\n"
                "    X, labels = rng.permutation(X), rng.permutation(labels)\n"
                "    k = round(fraction * len(X))\n"
                "    return X[:k], labels[:k], X[k:], labels[k:]"
            ),
            "train_network": (
                "def train_network(params, X, labels, choices):\n"
                "    full = params\n"
                "    params = {**params, 'b1': 0 * params['b1'], 'b2': 0 * params['b2']}\n"
                "    losses, states = [], dict.fromkeys(params)\n"
                "    for k in range(choices['steps'] + 1):\n"
                "        H, P = forward(params, X)\n"
                "        losses.append(-np.log(P[np.arange(len(X)), labels]).mean())\n"
                "        D2 = (P - np.eye(P.shape[1])[labels]) / len(X)\n"
                "        D1 = D2 @ params['W2'].T * (1 - H ** 2)\n"
                "        if k < choices['steps']:\n"
                "            for name, g in (('W1', X.T @ D1), ('W2', H.T @ D2)):\n"
                "                params[name], states[name] = STEPS[choices['optimizer']](\n"
                "                    params[name], g, states[name], choices['learning_rate'])\n"
                "    return {**params, 'b1': full['b1'], 'b2': full['b2']}, losses"
            ),
            "my_program": (
                "def my_program(X, labels, X_new, rng):\n"
                "    train, new = standardise(X, X_new)\n"
                "    params = start_network(2, 24, labels.max() + 1, rng)\n"
                "    states = dict.fromkeys(params)\n"
                "    for k in range(200):\n"
                "        H, P = forward(params, train)\n"
                "        D2 = (P - np.eye(P.shape[1])[labels]) / len(X)\n"
                "        D1 = D2 @ params['W2'].T * (1 - H ** 2)\n"
                "        g = {'W1': train.T @ D1, 'b1': D1.sum(0), 'W2': H.T @ D2, 'b2': D2.sum(0)}\n"
                "        for name in g:\n"
                "            params[name], states[name] = adam_step(\n"
                "                params[name], g[name], states[name], 0.05)\n"
                "    return classify(params, new)"
            ),
        },
    ),
    Submission(
        "not-standardised",
        # It learns two of the three sets, and so gets nothing for learning all of them.
        {**FULL, "my_program": 1},
        {
            "my_program": (
                "def my_program(X, labels, X_new, rng):\n"
                "    start = start_network(X.shape[1], 16, np.max(labels) + 1, rng)\n"
                "    params, _ = train_network(start, X, labels, MY_CHOICES)\n"
                "    return classify(params, X_new)"
            ),
        },
    ),
    Submission(
        "adam-without-correction",
        {**FULL, "train_network": 1},
        {
            "train_network": (
                "def train_network(params, X, labels, choices):\n"
                "    states, losses = {k: (0.0, 0.0) for k in params}, []\n"
                "    for k in range(choices['steps'] + 1):\n"
                "        H, P = forward(params, X)\n"
                "        losses.append(-np.log(P[np.arange(len(X)), labels]).mean())\n"
                "        if k == choices['steps']:\n"
                "            return params, losses\n"
                "        D2 = (P - np.eye(P.shape[1])[labels]) / len(X)\n"
                "        D1 = D2 @ params['W2'].T * (1 - H ** 2)\n"
                "        g = {'W1': X.T @ D1, 'b1': D1.sum(0), 'W2': H.T @ D2, 'b2': D2.sum(0)}\n"
                "        new = {}\n"
                "        for name in params:\n"
                "            m, v = states[name]\n"
                "            if choices['optimizer'] == 'descent':\n"
                "                move = g[name]\n"
                "            elif choices['optimizer'] == 'momentum':\n"
                "                move = m = 0.9 * m + g[name]\n"
                "            else:\n"
                "                m = 0.9 * m + 0.1 * g[name]\n"
                "                v = 0.999 * v + 0.001 * g[name] ** 2\n"
                "                move = m / (np.sqrt(v) + 1e-8)\n"
                "            states[name] = (m, v)\n"
                "            new[name] = params[name] - choices['learning_rate'] * move\n"
                "        params = new"
            ),
        },
    ),
    Submission(
        "the-books-own",
        # The book's training inside: not the student's work, and nor is what calls it.
        {**FULL, "train_network": 0, "my_program": 0},
        {
            "train_network": (
                "from nnlib.network import Network\n"
                "from nnlib import optimizers, training\n\n"
                "def train_network(params, X, labels, choices):\n"
                "    net = Network((params['W1'], params['W2']), (params['b1'], params['b2']),\n"
                "                  ('tanh', 'identity'))\n"
                "    run = training.train(net, X, labels, steps=choices['steps'], progress=False,\n"
                "                         loss='cross-entropy',\n"
                "                         optimizer=optimizers.Adam(choices['learning_rate']))\n"
                "    (W1, W2), (b1, b2) = run.network.weights, run.network.biases\n"
                "    return {'W1': W1, 'b1': b1, 'W2': W2, 'b2': b2}, run.losses"
            ),
        },
    ),
    Submission(
        "endless-loop",
        {**FULL, "my_program": 0},
        {
            "my_program": (
                "def my_program(X, labels, X_new, rng):\n"
                "    losses = [1.0]\n"
                "    while losses[-1] > 0:\n"
                "        start = start_network(2, 16, np.max(labels) + 1, rng)\n"
                "        params, losses = train_network(start, X, labels, MY_CHOICES)\n"
                "    return classify(params, X_new)"
            )
        },
    ),
)
