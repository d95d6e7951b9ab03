"""The subcommands of `varta`, one module each; they wire pure stages to files, terminals and Kafka."""
