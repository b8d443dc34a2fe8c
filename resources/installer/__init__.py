"""What `build.spec` is made of: the packaged program's contents, licences, icons and archive."""
