#pragma once

namespace ganymede {

// Cooperative stop: the first SIGINT or SIGTERM asks; SIGINT after that ends the process at once with exit code 130.
// SIGTERM and SIGHUP (a closed terminal) ask however often they come: two programs, shell and system, may each send
// one. Under `nohup` SIGHUP stays ignored.

/// Installs the handlers; calling it again changes nothing. Interrupted system calls are restarted. SIGPIPE is
/// ignored: work goes on without its reader.
void install_stop_handlers();
/// This signal asks to stop as well, however often it comes: what a batch system may send before its time limit.
void stop_on_signal(int number);
/// Ignores SIGXFSZ, so that a write beyond `ulimit -f` is an error like a full disk and not the end of the process.
void make_file_limits_errors();
/// Whether a signal (or `request_stop`) has asked to stop.
bool stop_requested();
/// Asks to stop, as the first signal does.
void request_stop();
/// Forgets the request.
void clear_stop_request();

/// Says whether a line without its newline is on the terminal at stderr, so that a sudden end can close it.
void set_terminal_line_open(bool open);

}  // namespace ganymede
