# Sourced: where the virtual environments are, outside of the repository, and how one is made.
home=${HEADWAY_ENGINES:-$HOME/.cache/headway-engines}

# install NAME [--no-deps] PACKAGE...: a virtual environment, made once
install() {
  local folder=$home/$1
  shift
  if [ ! -e "$folder/ready" ]; then
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet "$@"
    touch "$folder/ready"
  fi
}
