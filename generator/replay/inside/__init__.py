"""Programs that run inside a generated project, in its environment; they may import only it and what it depends on."""
