"""Start kernels in environments: the provisioner and kernel specs."""
