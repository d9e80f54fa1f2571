# The Debian packages of this project, in one place; sourced by quickstart, runtests and the scripts beside it.
# shellcheck shell=bash disable=SC2034

build_packages=(
  ca-certificates cmake g++ ninja-build
  libarchive-dev libboost-dev libcli11-dev libcurl4-openssl-dev libeigen3-dev libfmt-dev libgif-dev libhwy-dev libjpeg62-turbo-dev liblinear-dev libmd-dev libpng-dev
  libtomlplusplus-dev nlohmann-json3-dev zlib1g-dev
)
test_packages=(libgtest-dev libopenmpi-dev openmpi-bin)
slow_test_packages=(g++-aarch64-linux-gnu)
browser_packages=(chromium)
lint_packages=(clang-format-16 clang-tidy-16)

say() { printf '%s\n' "$*"; }
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# ensure_packages NAME...: installs those that are missing, as root or through sudo. Needs no network when all are there.
ensure_packages() {
  command -v apt-get >/dev/null ||
    die "this is not a Debian system. Install what these Debian packages hold, then build by hand (CONTRIBUTING.md): $*"
  local name missing=() root=()
  for name in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || missing+=("$name")
  done
  ((${#missing[@]})) || return 0

  say "Debian packages to install: ${missing[*]}"
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "installing packages needs root, and there is no sudo. As root: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  "${root[@]}" apt-get update -q || die "apt-get update failed (above). Is the network there? Then run this again."
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" ||
    die "apt-get could not install them (above). Ganymede is built for Debian 12; mend that, then run this again."
}

# build PRESET TARGET [CMAKE-OPTION...]: configures and builds one target ("all" for everything) in build/PRESET.
build() {
  local preset=$1 target=$2
  shift 2
  say "Building in build/$preset. The first time this takes some minutes."
  cmake --preset "$preset" "$@" || die "CMake could not set up build/$preset (above). If that folder is older than the sources, remove it and run this again."
  cmake --build "build/$preset" --target "$target" --parallel "$(nproc)" || die "the build in build/$preset failed (first error above)."
}

# ensure_page_tools: what the tests in a browser need beside packages: Node and the page's libraries. They are skipped, with a reason, where that fails.
ensure_page_tools() {
  if ! command -v npm >/dev/null; then
    say "the tests in a browser are left out: there is no Node.js with npm (20 or newer)"
  elif [[ ! web/node_modules/.package-lock.json -nt web/package-lock.json ]]; then
    npm ci --prefix web --no-audit --no-fund --loglevel=error || say "the tests in a browser are left out: npm ci failed (above)"
  fi
}
