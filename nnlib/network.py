"""A fully connected network: forwards and backwards (chapters 4, 5 and 7).

Conventions, the same everywhere in the package:

* Samples lie in rows: X has shape (n, n_in). A single sample may have shape (n_in,).
* Weights have shape (n_in, n_out), so that a layer is ``z = X @ W + b``.
* The loss is the mean over the rows plus the penalties; see `nnlib.losses`.
* A delta is the derivative of that loss by a z; S0 calls it the local gradient.

The arithmetic comes first: `forward_pass`, `backward_pass` and a `Task`, arrays in and arrays out.
`forward`, `backward` and `loss_and_gradients` do the same for whatever somebody may hand them: they
look at their arguments, and say what is wrong with them.

Dictionary: S0 writes W·x with a row for each *neuron*, so its W1 is our W1 transposed, its v is
our z, its out our output. S3 writes z = xW as we do, h for our outputs, and W1 where S0 has W1ᵀ.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_count, as_float_array, choose, same_shape
from nnlib.activations import Activation, activation_named
from nnlib.losses import Loss, as_targets, loss_named, priced, priced_gradient, prices

Initialise = Callable[[int, int, np.random.Generator], Array]


class Layer(NamedTuple):
    """Weights (n_in, n_out), biases (n_out,) or None, and the activation after them.

    Examples
    --------
    >>> Layer(np.eye(2), None, activation_named("tanh")).b is None
    True
    """

    W: Array
    b: Array | None
    activation: Activation


def layers_of(
    weights: Sequence[Array], biases: Sequence[Array] | None, activations: Sequence[str]
) -> tuple[Layer, ...]:
    """Weights, biases and activation of each layer, together.

    Examples
    --------
    >>> [layer.W.shape for layer in layers_of([np.ones((3, 2))], None, ["tanh"])]
    [(3, 2)]
    """
    rows = map(activation_named, activations)
    return tuple(map(Layer, weights, biases or (None,) * len(weights), rows))


@dataclass(frozen=True)
class Network:
    """A fully connected network, as data.

    Attributes
    ----------
    weights : sequence of array_like, shapes (n_0, n_1), (n_1, n_2), …
        Kept as read-only float64 arrays of its own.
    biases : sequence of array_like, shapes (n_1,), (n_2,), …, or None
        None for a network without biases, as in S0 and S3.
    activations : str, or sequence of str
        The name of the activation after each layer; one name stands for all layers.

    Examples
    --------
    >>> Network([[[1.0, -1.0]], [[1.0], [1.0]]], None, "relu").sizes
    (1, 2, 1)
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...] | None = None
    activations: tuple[str, ...] = ("tanh",)

    def __post_init__(self) -> None:
        weights = _frozen("weights", self.weights, ndim=2)
        if not weights:
            raise ValueError("`weights` is empty; a network has one layer at least.")
        for i, (W, after) in enumerate(pairwise(weights)):
            if W.shape[1] != after.shape[0]:
                raise ValueError(
                    f"`weights[{i}]` has shape {W.shape} and `weights[{i + 1}]` {after.shape}; "
                    "each layer must have as many inputs as the one before has outputs."
                )
        if self.biases is not None:
            object.__setattr__(self, "biases", _frozen("biases", self.biases, ndim=1))
            _one_each("biases", self.biases, len(weights))
            for i, (b, W) in enumerate(zip(self.biases, weights, strict=True)):
                same_shape(f"biases[{i}]", b, f"a row of weights[{i}]", W.shape[1:])
        names = self.activations
        names = (names,) if isinstance(names, str) else tuple(names)
        names = names * len(weights) if len(names) == 1 else names
        _one_each("activations", names, len(weights))
        object.__setattr__(self, "weights", weights)
        own = tuple([activation_named(name).name for name in names])
        object.__setattr__(self, "activations", own)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Weights, biases and activation of each layer, together."""
        return layers_of(self.weights, self.biases, self.activations)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many inputs there are, and how many units in each layer."""
        return (self.weights[0].shape[0], *(W.shape[1] for W in self.weights))


# --- the arithmetic -----------------------------------------------------------------------------


class Forward(NamedTuple):
    """Everything that a forward pass computes.

    Attributes
    ----------
    inputs : numpy.ndarray of float64, shape (n, n_in)
    z, outputs : tuple of numpy.ndarray, shapes (n, n_1), (n, n_2), …
        What goes into each layer's activation, and what comes out of it.

    Examples
    --------
    >>> passed = forward(network_3_2_1(), [-1, -1, -1])
    >>> passed.z[0].round(2), passed.outputs[0].round(6), passed.output.round(6)
    (array([0.3, 0.6]), array([0.148885, 0.291313]), array([0.058518]))
    """

    inputs: Array
    z: tuple[Array, ...]
    outputs: tuple[Array, ...]

    @property
    def output(self) -> Array:
        """What comes out of the last layer."""
        return self.outputs[-1]


def forward_pass(layers: Sequence[Layer], X: Array) -> Forward:
    """Send samples through all layers, and keep every intermediate.

    Examples
    --------
    >>> forward_pass(network_3_2_1().layers, -np.ones((1, 3))).output.round(6)
    array([[0.058518]])
    """
    a, zs, outputs = X, [], []
    for W, b, f in layers:
        z = a @ W
        if b is not None:
            z += b
        a = f.value(z)
        zs.append(z)
        outputs.append(a)
    return Forward(X, tuple(zs), tuple(outputs))


class Gradients(NamedTuple):
    """Derivatives of a loss by everything in a network, in the shapes that it has there.

    `biases` is None where the network has none. The deltas are the derivatives by each z; there are
    none if the gradients were found without a backward pass.

    Examples
    --------
    >>> _, gradients = loss_and_gradients(network_3_2_1(), [-1, -1, -1], [-1])
    >>> gradients.deltas[1].round(6), gradients.weights[1].round(6).ravel()
    (array([0.527447]), array([0.078529, 0.153652]))
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...] | None
    deltas: tuple[Array, ...] = ()


def backward_pass(layers: Sequence[Layer], passed: Forward, slope: Array) -> Gradients:
    """Apply the chain rule from the last layer to the first; `slope` is by the output, in rows.

    Examples
    --------
    >>> layers = network_3_2_1().layers
    >>> passed = forward_pass(layers, -np.ones((1, 3)))
    >>> backward_pass(layers, passed, passed.output + 1).deltas[0].round(6)
    array([[0.051576, 0.072403]])
    """
    inputs = (passed.inputs, *passed.outputs[:-1])
    delta = slope * layers[-1].activation.derivative(passed.output)
    deltas = [delta]
    for k in reversed(range(1, len(layers))):
        delta = (delta @ layers[k].W.T) * layers[k - 1].activation.derivative(inputs[k])
        deltas.insert(0, delta)
    weights = tuple([a.T @ d for a, d in zip(inputs, deltas, strict=True)])
    biases = None if layers[0].b is None else tuple([d.sum(axis=0) for d in deltas])
    return Gradients(weights, biases, tuple(deltas))


class Task(NamedTuple):
    """What is asked of a network: samples and targets in rows, a loss, and prices of weights.

    Examples
    --------
    >>> task = as_task(network_3_2_1(), [-1, -1, -1], [-1], "half squared error", l2=0.1)
    >>> task.T, task.prices
    (array([[-1.]]), {'l2': 0.1})
    """

    X: Array
    T: Array
    rule: Loss
    prices: dict[str, float]

    def rows(self, chosen: npt.NDArray[np.intp]) -> "Task":
        """Some of the samples only."""
        return self._replace(X=self.X[chosen], T=self.T[chosen])

    def loss(self, layers: Sequence[Layer], output: Array) -> float:
        """Mean over the rows of the output, plus the penalties."""
        mean = float(self.rule.per_row(output, self.T).sum()) / len(output)
        return mean + priced([layer.W for layer in layers], self.prices) if self.prices else mean

    def loss_and_gradients(self, layers: Sequence[Layer]) -> tuple[float, Gradients]:
        """Loss and its gradients, from one forward pass."""
        passed = forward_pass(layers, self.X)
        slope = self.rule.row_gradient(passed.output, self.T) / len(self.X)
        gradients = backward_pass(layers, passed, slope)
        if self.prices:
            for dW, layer in zip(gradients.weights, layers, strict=True):
                dW += priced_gradient(layer.W, self.prices)
        return self.loss(layers, passed.output), gradients


# --- the same for a network, with a look at the arguments ---------------------------------------


def as_task(
    network: Network,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    loss: str,
    *,
    l1: float = 0.0,
    l2: float = 0.0,
) -> Task:
    """Check the arguments of `loss_and_gradients`, and put samples into rows.

    Examples
    --------
    >>> as_task(network_3_2_1(), [-1, -1, -1], [-1], "half squared error").X
    array([[-1., -1., -1.]])
    """
    rule = loss_named(loss)
    X = _samples(network, X)
    T = as_targets(rule, T, (*X.shape[:-1], network.sizes[-1]))
    return Task(np.atleast_2d(X), np.atleast_2d(T), rule, prices(l1=l1, l2=l2))


def forward(network: Network, X: npt.ArrayLike) -> Forward:
    """Send samples through the network, and keep every intermediate.

    X has shape (n, n_in), or (n_in,) for a single sample; then all arrays have one axis.

    Examples
    --------
    >>> forward(network_2_3_2(), [1.764052345967664, 0.4001572083672233]).output.round(8)
    array([0.37166596, 0.45414264])
    """
    return forward_pass(network.layers, _samples(network, X))


def predict(network: Network, X: npt.ArrayLike) -> Array:
    """Output of the last layer alone, shape (n, n_out), or (n_out,) for a single sample.

    Examples
    --------
    >>> predict(network_3_2_1(), [[-1, -1, -1], [1, 1, 1]]).round(6)
    array([[ 0.058518],
           [-0.058518]])
    """
    return forward(network, X).output


def accuracy(network: Network, X: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Share of the samples whose largest output is the one that their label, 0, 1, …, names.

    With a single output the label 1 is asked for by an output nearer to the upper end of the last
    activation's range: above 0 for tanh and its like, above ½ for the logistic.

    Examples
    --------
    >>> accuracy(network_3_2_1(), [[-1, -1, -1], [1, 1, 1]], [0, 1])
    0.0
    """
    labels = np.asarray(labels)
    if labels.dtype.kind not in "bui":
        raise TypeError(f"`labels` must be whole numbers, but their dtype is {labels.dtype}.")
    outputs = np.atleast_2d(predict(network, X))
    same_shape("labels", labels, "a column of outputs", outputs.shape[:1])
    return float(np.mean(classes_in(network, outputs) == labels))


def classes_in(network: Network, outputs: Array) -> npt.NDArray[np.intp]:
    """Class that each row of outputs names; of a single output see `accuracy`.

    Examples
    --------
    >>> classes_in(network_2_3_2(), np.array([[0.2, 0.1], [0.4, 0.6]]))
    array([0, 1])
    """
    if outputs.shape[1] > 1:
        return np.asarray(outputs.argmax(axis=1))
    low, high = activation_named(network.activations[-1]).range
    middle = (low + high) / 2 if np.isfinite(high) else 0.0
    return np.asarray(outputs[:, 0] > middle, dtype=np.intp)


def backward(network: Network, passed: Forward, output_gradient: npt.ArrayLike) -> Gradients:
    """Carry the derivative of a loss by the output back to every weight and bias.

    Nothing in the network changes before all of it is done: the hidden deltas need the weights
    that the forward pass used. S0's program updates W2 first (erratum E0.4).

    Parameters
    ----------
    passed : Forward
        What ``forward(network, X)`` returned.
    output_gradient : array_like of real numbers, the shape of ``passed.output``
        Derivatives of the loss by the output; `Loss.gradient` gives them.

    Examples
    --------
    >>> net = network_3_2_1()
    >>> passed = forward(net, [-1, -1, -1])
    >>> backward(net, passed, passed.output - [-1]).deltas[0].round(6)
    array([0.051576, 0.072403])
    """
    slope = as_float_array("output_gradient", output_gradient)
    same_shape("output_gradient", slope, "passed.output", passed.output.shape)
    inputs, *outputs = map(np.atleast_2d, (passed.inputs, *passed.outputs))
    in_rows = Forward(inputs, passed.z, tuple(outputs))
    gradients = backward_pass(network.layers, in_rows, np.atleast_2d(slope))
    return _with_axes(gradients, slope.ndim)


def loss_and_gradients(
    network: Network,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    loss: str = "half squared error",
    *,
    l1: float = 0.0,
    l2: float = 0.0,
) -> tuple[float, Gradients]:
    """Loss of the network on samples, and its gradients, from one forward pass.

    Parameters
    ----------
    X : array_like of real numbers, shape (n, n_in), or (n_in,) for a single sample
    T : array_like, shape (n, n_out), or (n_out,) for a single sample
        Targets; labels of shape (n,) for the cross-entropy.
    loss : str
        A key of `nnlib.losses.LOSSES`.
    l1, l2 : float
        Strengths of the penalties l1·Σ|W| and ½·l2·ΣW², on weights only.

    Returns
    -------
    loss : float
        Mean over the samples, plus the penalties.
    gradients : Gradients
        The deltas are those of the mean; penalties do not enter them.

    Examples
    --------
    >>> value, gradients = loss_and_gradients(network_3_2_1(), [-1, -1, -1], [-1])
    >>> round(value, 6), gradients.weights[0].round(4)[0]
    (0.560231, array([-0.0516, -0.0724]))
    """
    task = as_task(network, X, T, loss, l1=l1, l2=l2)
    value, gradients = task.loss_and_gradients(network.layers)
    return value, _with_axes(gradients, np.ndim(X))


def _with_axes(gradients: Gradients, ndim: int) -> Gradients:
    """Give the deltas of a single sample its one axis."""
    if ndim == 2:
        return gradients
    return gradients._replace(deltas=tuple([delta[0] for delta in gradients.deltas]))


def layer_gradient_norms(gradients: Gradients) -> Array:
    """Mean absolute weight gradient of each layer: one number for each.

    For saturating units a look along the layers shows where the gradient vanishes or explodes.
    For ReLU the layers grow or shrink together, so look at the overall size.

    Examples
    --------
    >>> _, gradients = loss_and_gradients(network_3_2_1(), [-1, -1, -1], [-1])
    >>> layer_gradient_norms(gradients).round(6)
    array([0.061989, 0.11609 ])
    """
    return np.array([np.abs(dW).mean() for dW in gradients.weights])


# --- builders -----------------------------------------------------------------------------------


def xavier(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Weights that keep the size of signals, forwards and backwards, near z = 0 of a tanh.

    They are normal, of shape (n_in, n_out), with variance 2/(n_in + n_out).

    Examples
    --------
    >>> round(float(xavier(300, 500, np.random.default_rng(0)).std()), 3)
    0.05
    """
    n_in, n_out = as_count("n_in", n_in, least=1), as_count("n_out", n_out, least=1)
    return rng.normal(0.0, np.sqrt(2.0 / (n_in + n_out)), (n_in, n_out))


def he(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Weights that keep the size of signals through ReLU units, half of which are off.

    They are normal, of shape (n_in, n_out), with variance 2/n_in.

    Examples
    --------
    >>> round(float(he(800, 500, np.random.default_rng(0)).std()), 3)
    0.05
    """
    n_in, n_out = as_count("n_in", n_in, least=1), as_count("n_out", n_out, least=1)
    return rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))


INITIALISATIONS: dict[str, Initialise] = {"xavier": xavier, "he": he}


def deep_network(
    sizes: Sequence[int],
    rng: np.random.Generator,
    *,
    activation: str = "tanh",
    output: str | None = None,
    initialise: str | Initialise = "xavier",
    biases: bool = True,
) -> Network:
    """A network of any depth with random weights; biases, if any, start at 0.

    Parameters
    ----------
    sizes : sequence of int
        The number of inputs, then of units in each layer.
    rng : numpy.random.Generator
        Draws the weights, layer by layer.
    activation : str
        After every layer.
    output : str, optional
        After the last layer, if that is to differ.
    initialise : {"xavier", "he"} or callable
        A rule, or any function (n_in, n_out, rng) → weights.

    Examples
    --------
    >>> net = deep_network([784, 50, 10], np.random.default_rng(0), output="identity")
    >>> net.sizes, net.activations
    ((784, 50, 10), ('tanh', 'identity'))
    """
    sizes = [as_count(f"sizes[{i}]", n, least=1) for i, n in enumerate(sizes)]
    if len(sizes) < 2:
        raise ValueError(f"`sizes` must name inputs and one layer at least, but it is {sizes}.")
    if isinstance(initialise, str):
        initialise = choose("initialise", initialise, INITIALISATIONS)
    weights = [initialise(m, n, rng) for m, n in pairwise(sizes)]
    names = [activation] * (len(weights) - 1) + [output or activation]
    zeros = tuple(np.zeros(n) for n in sizes[1:]) if biases else None
    return Network(tuple(weights), zeros, tuple(names))


def network_3_2_1(activation: str = "bipolar logistic", *, biases: bool = False) -> Network:
    """S0's network, with its weights, transposed.

    Its own activation is the bipolar logistic; with "tanh" it is the network of chapter 4. S0 has
    no biases, and so cannot learn its data (erratum E0.5); here they start at 0.

    Examples
    --------
    >>> network_3_2_1().weights[0]
    array([[-0.2,  0.1],
           [ 0.3, -0.3],
           [-0.4, -0.4]])
    """
    weights = (np.array([[-0.2, 0.1], [0.3, -0.3], [-0.4, -0.4]]), np.array([[0.2], [0.3]]))
    return Network(weights, (np.zeros(2), np.zeros(1)) if biases else None, (activation,))


def network_2_3_2(hidden: int = 3, *, seed: int = 2017, biases: bool = False) -> Network:
    """S3's network, with its weights: logistic units, two outputs.

    There are 3 hidden units in S3's text, and 50 in its second story. The seed is for NumPy's old
    generator, which S3 uses. S3 has no biases, which costs it a quarter of XOR (erratum E3.10);
    here they start at 0.

    Examples
    --------
    >>> network_2_3_2().weights[1].round(8)
    array([[-0.41491732, -0.30992816],
           [-0.31583913, -0.27706468],
           [-0.44701662,  0.15231059]])
    """
    hidden = as_count("hidden", hidden, least=1)
    old = np.random.RandomState(seed)
    W1 = old.uniform(-1, 1, (2, hidden)) / np.sqrt(2)
    W2 = old.uniform(-1, 1, (hidden, 2)) / np.sqrt(hidden)
    return Network((W1, W2), (np.zeros(hidden), np.zeros(2)) if biases else None, ("logistic",))


# --- a network as one vector --------------------------------------------------------------------


def flatten(network: Network | Gradients) -> Array:
    """All parameters, or all gradients, in one vector (W1, b1, W2, b2, …).

    Returns
    -------
    numpy.ndarray of float64, shape (number of parameters,)

    Examples
    --------
    >>> flatten(network_3_2_1())
    array([-0.2,  0.1,  0.3, -0.3, -0.4, -0.4,  0.2,  0.3])
    """
    if network.biases is None:
        return np.concatenate([W.ravel() for W in network.weights])
    pairs = zip(network.weights, network.biases, strict=True)
    return np.concatenate([part.ravel() for pair in pairs for part in pair])


def unflatten(network: Network, vector: npt.ArrayLike) -> Network:
    """A network like `network`, with its parameters taken from a vector like that of `flatten`.

    Examples
    --------
    >>> unflatten(network_3_2_1(), range(8)).weights[1].ravel()
    array([6., 7.])
    """
    vector = as_float_array("vector", vector, ndim=1)
    same_shape("vector", vector, "flatten(network)", flatten(network).shape)
    return Network(*split(network, vector), network.activations)


def split(network: Network, vector: Array) -> tuple[tuple[Array, ...], tuple[Array, ...] | None]:
    """Weights and biases as views of a vector: what changes there changes here.

    Examples
    --------
    >>> vector = np.zeros(8)
    >>> (_, W2), _ = split(network_3_2_1(), vector)
    >>> vector[6:] = 1, 2
    >>> W2.ravel()
    array([1., 2.])
    """
    weights, biases, start = [], [], 0
    for W in network.weights:
        middle = start + W.size
        end = middle if network.biases is None else middle + W.shape[1]
        weights.append(vector[start:middle].reshape(W.shape))
        biases.append(vector[middle:end])
        start = end
    return tuple(weights), None if network.biases is None else tuple(biases)


def _samples(network: Network, X: npt.ArrayLike) -> Array:
    array = as_float_array("X", X)
    n_in = network.sizes[0]
    if array.ndim not in (1, 2) or array.shape[-1] != n_in or not array.size:
        raise ValueError(
            f"`X` must have shape (n, {n_in}), or ({n_in},) for a single sample, "
            f"but it is {array.shape}."
        )
    return array


def _frozen(name: str, arrays: Sequence[npt.ArrayLike], *, ndim: int) -> tuple[Array, ...]:
    frozen = [as_float_array(f"{name}[{i}]", a, ndim=ndim) for i, a in enumerate(arrays)]
    for array in frozen:
        array.flags.writeable = False
    return tuple(frozen)


def _one_each(name: str, given: Sequence[object], layers: int) -> None:
    if len(given) != layers:
        raise ValueError(f"`{name}` has {len(given)} entries for {layers} layers; give one each.")
