"""Settings of the kernels that execute the book (IPython reads this as a configuration file)."""

c = get_config()  # noqa: F821 - IPython defines it

# Vector figures stay sharp at any zoom. No date inside: the same chapter gives the same file.
c.InlineBackend.figure_formats = {"svg"}
c.InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None}}
# The chapters' own settings come from the matplotlibrc beside this file.
c.InlineBackend.rc = {}
c.HistoryManager.enabled = False
# The kernel talks to the build alone, on this machine; it need not warn of that on every page.
c.IPKernelApp.log_level = "ERROR"
