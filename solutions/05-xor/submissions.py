"""The demonstration class of this assignment: who hands in what, and the marks they must get."""

from tools.demo import Submission

FULL = {"predict": 2, "accuracy": 2, "init_params": 3, "loss_and_gradients": 6, "train": 3}
NOTHING = dict.fromkeys(FULL, 0)

SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written",
        FULL,
        {
            "predict": (
                "def logistic(z):\n"
                "    return (1 + np.tanh(z / 2)) / 2\n\n"
                "def predict(params, X):\n"
                "    for k in '12':\n"
                "        X = logistic(np.dot(X, params['W' + k]) + params['b' + k])\n"
                "    return X"
            ),
            "accuracy": (
                "def accuracy(params, X, labels):\n"
                "    outputs = predict(params, X)\n"
                "    named = [int(second > first) for first, second in outputs]\n"
                "    right = [a == b for a, b in zip(named, labels)]\n"
                "    return sum(right) / len(right)"
            ),
            "init_params": (
                "def init_params(hidden, rng):\n"
                "    W1 = rng.uniform(-1, 1, (2, hidden)) / 2 ** 0.5\n"
                "    W2 = rng.uniform(-1, 1, (hidden, 2)) / hidden ** 0.5\n"
                "    return dict(W1=W1, b1=[0.0] * hidden, W2=W2, b2=[0.0, 0.0])"
            ),
            "loss_and_gradients": (
                "def loss_and_gradients(params, X, Y, l2):\n"
                "    total = {name: np.zeros(np.shape(params[name])) for name in params}\n"
                "    loss = 0.0\n"
                "    for x, y in zip(X, Y):\n"
                "        h = logistic(x @ params['W1'] + params['b1'])\n"
                "        out = logistic(h @ params['W2'] + params['b2'])\n"
                "        loss += np.sum((y - out) ** 2) / 2\n"
                "        delta2 = -(y - out) * out * (1 - out)\n"
                "        delta1 = params['W2'] @ delta2 * h * (1 - h)\n"
                "        total['W1'] += np.outer(x, delta1)\n"
                "        total['b1'] += delta1\n"
                "        total['W2'] += np.outer(h, delta2)\n"
                "        total['b2'] += delta2\n"
                "    gradients = {name: total[name] / len(X) for name in total}\n"
                "    loss = loss / len(X)\n"
                "    for name in ('W1', 'W2'):\n"
                "        loss += 0.5 * l2 * np.sum(params[name] ** 2)\n"
                "        gradients[name] += l2 * params[name]\n"
                "    return loss, gradients"
            ),
            "train": (
                "import copy\n\n"
                "def train(params, X, Y, learning_rate, steps, l2=0.0):\n"
                "    params = copy.deepcopy(params)\n"
                "    losses = np.zeros(steps + 1)\n"
                "    for k in range(steps + 1):\n"
                "        losses[k], gradients = loss_and_gradients(params, X, Y, l2)\n"
                "        if k < steps:\n"
                "            for name in params:\n"
                "                params[name] -= learning_rate * gradients[name]\n"
                "    return params, losses"
            ),
        },
    ),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-forwards",
        {**NOTHING, "predict": 2, "accuracy": 2, "init_params": 3},
        {
            "predict": (
                "def predict(params, X):\n"
                "    h = 1 / (1 + np.exp(-(X @ params['W1'] + params['b1'])))\n"
                "    return 1 / (1 + np.exp(-(h @ params['W2'] + params['b2'])))"
            ),
            "accuracy": (
                "def accuracy(params, X, labels):\n"
                "    return (predict(params, X).argmax(axis=1) == labels).mean()"
            ),
            "init_params": (
                "def init_params(hidden, rng):\n"
                "    return {'W1': rng.normal(size=(2, hidden)), 'b1': np.zeros(hidden),\n"
                "            'W2': rng.normal(size=(hidden, 2)), 'b2': np.zeros(2)}"
            ),
        },
        attempted=False,
    ),
    Submission(
        "as-in-the-source",
        # S3's program: no biases, a mean loss with summed gradients, and one number, l2·ΣW², added
        # to every weight's gradient. The functions that call these are right, and lose nothing.
        {**NOTHING, "init_params": 2, "accuracy": 2, "train": 3},
        {
            "predict": (
                "def sigmoid(z):\n"
                "    return 1.0 / (1.0 + np.exp(-z))\n\n"
                "def predict(params, X):\n"
                "    return sigmoid(sigmoid(X @ params['W1']) @ params['W2'])"
            ),
            "init_params": (
                "def init_params(hidden, rng):\n"
                "    return {'W1': rng.uniform(-1, 1, (2, hidden)) / np.sqrt(2),\n"
                "            'W2': rng.uniform(-1, 1, (hidden, 2)) / np.sqrt(hidden)}"
            ),
            "loss_and_gradients": (
                "def loss_and_gradients(params, X, Y, l2):\n"
                "    W1, W2 = params['W1'], params['W2']\n"
                "    h1 = sigmoid(X @ W1)\n"
                "    h2 = sigmoid(h1 @ W2)\n"
                "    penalty = (W1 ** 2).sum() + (W2 ** 2).sum()\n"
                "    loss = (((Y - h2) ** 2).sum() + l2 * penalty) / (2 * len(X))\n"
                "    dz2 = -(Y - h2) * h2 * (1 - h2)\n"
                "    dz1 = dz2 @ W2.T * h1 * (1 - h1)\n"
                "    return loss, {'W1': X.T @ dz1 + l2 * (W1 ** 2).sum(),\n"
                "                  'W2': h1.T @ dz2 + l2 * (W2 ** 2).sum()}"
            ),
        },
    ),
    Submission(
        "usual-slips",
        # tanh hidden units, ½ as a threshold, a start of zeros, no 1/n in the gradients, and
        # the last loss not noted.
        {**NOTHING, "init_params": 1, "loss_and_gradients": 2, "train": 1},
        {
            "predict": (
                "def predict(params, X):\n"
                "    h = np.tanh(X @ params['W1'] + params['b1'])\n"
                "    return 1 / (1 + np.exp(-(h @ params['W2'] + params['b2'])))"
            ),
            "accuracy": (
                "def accuracy(params, X, labels):\n"
                "    h = 1 / (1 + np.exp(-(X @ params['W1'] + params['b1'])))\n"
                "    out = 1 / (1 + np.exp(-(h @ params['W2'] + params['b2'])))\n"
                "    return np.mean((out[:, 1] > 0.5) == labels)"
            ),
            "init_params": (
                "def init_params(hidden, rng):\n"
                "    return {'W1': np.zeros((2, hidden)), 'b1': np.zeros(hidden),\n"
                "            'W2': np.zeros((hidden, 2)), 'b2': np.zeros(2)}"
            ),
            "loss_and_gradients": (
                "def loss_and_gradients(params, X, Y, l2):\n"
                "    W1, W2, n = params['W1'], params['W2'], len(X)\n"
                "    H = 1 / (1 + np.exp(-(X @ W1 + params['b1'])))\n"
                "    out = 1 / (1 + np.exp(-(H @ W2 + params['b2'])))\n"
                "    D2 = (out - Y) * out * (1 - out)\n"
                "    D1 = D2 @ W2.T * H * (1 - H)\n"
                "    loss = ((out - Y) ** 2).sum() / 2 / n\n"
                "    loss += l2 / 2 * ((W1 ** 2).sum() + (W2 ** 2).sum())\n"
                "    return loss, {'W1': X.T @ D1 + l2 * W1, 'b1': D1.sum(axis=0),\n"
                "                  'W2': H.T @ D2 + l2 * W2, 'b2': D2.sum(axis=0)}"
            ),
            "train": (
                "def train(params, X, Y, learning_rate, steps, l2=0.0):\n"
                "    losses = []\n"
                "    for _ in range(steps):\n"
                "        loss, gradients = loss_and_gradients(params, X, Y, l2)\n"
                "        losses.append(loss)\n"
                "        params = {k: params[k] - learning_rate * gradients[k] for k in params}\n"
                "    return params, losses"
            ),
        },
    ),
    Submission(
        "penalty-on-everything",
        # The biases penalised, and the caller's params moved.
        {**FULL, "loss_and_gradients": 5, "train": 2},
        {
            "loss_and_gradients": (
                "def loss_and_gradients(params, X, Y, l2):\n"
                "    H = 1 / (1 + np.exp(-(X @ params['W1'] + params['b1'])))\n"
                "    out = predict(params, X)\n"
                "    D2 = (out - Y) * out * (1 - out) / len(X)\n"
                "    D1 = D2 @ params['W2'].T * H * (1 - H)\n"
                "    gradients = {'W1': X.T @ D1, 'b1': D1.sum(0), 'W2': H.T @ D2, 'b2': D2.sum(0)}\n"
                "    loss = ((out - Y) ** 2).sum() / (2 * len(X))\n"
                "    for name, value in params.items():\n"
                "        loss += l2 / 2 * (value ** 2).sum()\n"
                "        gradients[name] = gradients[name] + l2 * value\n"
                "    return loss, gradients"
            ),
            "train": (
                "def train(params, X, Y, learning_rate, steps, l2=0.0):\n"
                "    losses = [loss_and_gradients(params, X, Y, l2)[0]]\n"
                "    for _ in range(steps):\n"
                "        gradients = loss_and_gradients(params, X, Y, l2)[1]\n"
                "        for name in params:\n"
                "            params[name] -= learning_rate * gradients[name]\n"
                "        losses.append(loss_and_gradients(params, X, Y, l2)[0])\n"
                "    return params, losses"
            ),
        },
    ),
    Submission(
        "the-books-own",
        {**FULL, "predict": 0, "accuracy": 0, "loss_and_gradients": 0, "train": 0},
        {
            "predict": (
                "from nnlib.network import Network\n"
                "from nnlib.network import predict as outputs_of\n\n"
                "def net(params):\n"
                "    weights, biases = (params['W1'], params['W2']), (params['b1'], params['b2'])\n"
                "    return Network(weights, biases, 'logistic')\n\n"
                "def predict(params, X):\n"
                "    return outputs_of(net(params), X)"
            ),
            "loss_and_gradients": (
                "from nnlib import network\n\n"
                "def loss_and_gradients(params, X, Y, l2):\n"
                "    loss, g = network.loss_and_gradients(net(params), X, Y, l2=l2)\n"
                "    return loss, {'W1': g.weights[0], 'b1': g.biases[0],\n"
                "                  'W2': g.weights[1], 'b2': g.biases[1]}"
            ),
        },
    ),
    Submission(
        "chance-of-its-own",
        # Seeded inside, and a training that goes uphill.
        {**FULL, "init_params": 2, "train": 0},
        {
            "init_params": (
                "def init_params(hidden, rng):\n"
                "    rng = np.random.default_rng(0)\n"
                "    return {'W1': rng.normal(size=(2, hidden)), 'b1': np.zeros(hidden),\n"
                "            'W2': rng.normal(size=(hidden, 2)), 'b2': np.zeros(2)}"
            ),
            "train": (
                "def train(params, X, Y, learning_rate, steps, l2=0.0):\n"
                "    losses = [loss_and_gradients(params, X, Y, l2)[0]]\n"
                "    for _ in range(steps):\n"
                "        gradients = loss_and_gradients(params, X, Y, l2)[1]\n"
                "        params = {k: params[k] + learning_rate * gradients[k] for k in params}\n"
                "        losses.append(loss_and_gradients(params, X, Y, l2)[0])\n"
                "    return params, losses"
            ),
        },
    ),
    Submission(
        "endless-loop",
        {**FULL, "train": 0},
        {
            "train": (
                "def train(params, X, Y, learning_rate, steps, l2=0.0):\n"
                "    losses = [1.0]\n"
                "    while losses[-1] > 0:\n"
                "        losses = [loss_and_gradients(params, X, Y, l2)[0]]\n"
                "    return params, losses"
            )
        },
    ),
)
