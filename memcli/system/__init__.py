"""Files and processes without git: durable writes, detached processes, external commands."""
