#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ganymede::serve {

// What a client asks and what it is answered, as values: nothing here knows of sockets.

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::vector<std::string> path;  ///< the parts between slashes, decoded; none of "/"
  Fields query;                   ///< decoded
  Fields headers;                 ///< names in lower case
  std::string body;

  /// Of a header that is there exactly once (`name` in lower case); nullptr otherwise.
  const std::string* header(std::string_view name) const;
  /// The first of this name; nullptr if there is none.
  const std::string* parameter(std::string_view name) const;
};

/// Who does a piece of work.
enum class Lane {
  files,    ///< several threads that read files
  control,  ///< the one that starts and stops runs
  data,     ///< the one that waits until data sets are open
  games,    ///< the one that plays live games, behind everything else on the machine
  looks,    ///< the one that runs models: what a hand waits for
  pieces    ///< the same one: parts of long works. Looks and pieces take turns
};

/// A body that is made while it is sent. One thread asks at a time, not always the same one.
class Source {
 public:
  virtual ~Source() = default;
  /// Where `next` is called.
  virtual Lane lane() const { return Lane::files; }
  struct Piece {
    std::string bytes;  ///< empty, and not the end: nothing yet, ask again (of Lane::files a little later)
    bool end = false;   ///< nothing follows these bytes
  };
  /// The next bytes. What it throws cuts the answer off, which the client sees.
  virtual Piece next() = 0;
};

struct Response;

/// The rest of the work for an answer, by another lane.
struct Later {
  Lane lane = Lane::files;
  std::function<Response()> work{};  ///< empty: there is nothing left to do
};

struct Response {
  int status = 200;
  Fields headers;
  std::string body;
  std::unique_ptr<Source> source{};       ///< instead of `body`
  std::optional<std::uint64_t> length{};  ///< of what `source` gives; none: a stream, sent in chunks
  Later later{};                          ///< instead of all of it: what it gives is the answer
};

/// An answer that is an error: becomes {"error": sentence} with this status.
class HttpError : public std::runtime_error {
 public:
  HttpError(int status, const std::string& sentence) : std::runtime_error(sentence), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

/// The object with "schema" = "ganymede.api.<name>/1" and the program's version in front.
nlohmann::ordered_json with_schema(std::string_view name, const nlohmann::ordered_json& object);
/// JSON text as an answer.
Response json_answer(std::string text, int status = 200);
/// with_schema as JSON.
Response json_response(std::string_view name, const nlohmann::ordered_json& object, int status = 200);
/// {"schema": "ganymede.api.error/1", "version": ..., "error": sentence}
Response error_response(int status, std::string_view sentence);

/// The program's version that every answer carries; set once, before the first answer.
void set_program_version(std::string version);

/// Status line and headers, with the blank line after them: those of the response, what every answer carries for the
/// sake of security, length or chunking, and whether the connection stays.
std::string head_of(const Response& response, bool keep_alive);

}  // namespace ganymede::serve
