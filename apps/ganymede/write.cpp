#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/wording.hpp"
#include "command.hpp"
#include "explore/gallery.hpp"
#include "explore/handwriting/hand.hpp"
#include "picture/png.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostLetters = 20'000;
constexpr double kMostPixels = 2e8;

struct WriteArguments {
  RunArguments run;
  std::string text, file;
  explore::HandOptions hand;
  ink::LineStyle line;
  explore::WritingStyle style;
  std::string letter_case = "as-is";
  bool skip_unknown = false, plain = false;
  std::optional<std::uint64_t> epoch;
  std::string checkpoint;
  MachineArguments machine;
  Output output;
};

explore::LetterCase case_of(const std::string& word) {
  if (word == "upper") return explore::LetterCase::upper;
  if (word == "lower") return explore::LetterCase::lower;
  return word == "either" ? explore::LetterCase::either : explore::LetterCase::as_is;
}

// Names as they are written in a text.
std::string words_of(const std::vector<std::string>& names) {
  std::vector<std::string> words;
  for (const std::string& name : names)
    words.push_back(character_length(name) == name.size() ? name : "{" + name + "}");
  return fmt::format("{}", fmt::join(words, " "));
}

explore::HandText text_of(const WriteArguments& arguments, const std::vector<std::string>& names) {
  if (arguments.text.empty()) fail<UserError>("the text is empty");
  const explore::LetterCase letter_case = case_of(arguments.letter_case);
  explore::HandText text = explore::read_text(arguments.text, names, letter_case);
  if (!text.unknown.empty() && !arguments.skip_unknown) {
    std::string way = "--skip-unknown leaves them out";
    const bool other_case = explore::read_text(arguments.text, names, explore::LetterCase::either).unknown.empty();
    if (letter_case == explore::LetterCase::as_is && other_case) way = "--case either writes them in the other case";
    fail<UserError>("the text: this hand knows no {}; it knows {}; {}", fmt::join(text.unknown, " "), words_of(names),
                    way);
  }
  std::size_t letters = 0;
  for (const explore::TextPiece& piece : text.pieces) letters += piece.label >= 0 ? 1 : 0;
  if (letters == 0) fail<UserError>("the text: there is no letter in it that this hand knows");
  if (letters > kMostLetters) fail<UserError>("the text: wanted at most {} letters, found {}", kMostLetters, letters);
  return text;
}

nlohmann::json letters_json(const explore::HandText& text, const ink::Lines& lines,
                            const std::vector<std::string>& names, std::uint64_t seed) {
  std::vector<std::size_t> numbers(text.pieces.size());  // of each piece among the letters
  for (std::size_t i = 0, n = 0; i < text.pieces.size(); ++i) numbers[i] = text.pieces[i].label >= 0 ? n++ : n;
  nlohmann::json letters = nlohmann::json::array();
  const auto rounded = [](double x) { return std::round(x * 100) / 100; };
  for (const ink::PlacedLetter& letter : lines.letters) {
    const explore::TextPiece& piece = text.pieces[letter.piece];
    letters.push_back(
        {{"letter", piece.letter},
         {"class", names[static_cast<std::size_t>(piece.label)]},
         {"seed", seed + 1 + numbers[letter.piece]},
         {"line", letter.line},
         {"box", {rounded(letter.box.x0), rounded(letter.box.y0), rounded(letter.box.x1), rounded(letter.box.y1)}}});
  }
  return letters;
}

void write_picture(const WriteArguments& arguments, const ink::Lines& lines, const std::string& weights) {
  const double capital = arguments.line.capital;
  const auto height = static_cast<int>(std::ceil(lines.height)), width = static_cast<int>(std::ceil(lines.width));
  if (fs::path(arguments.file).extension() == ".svg") {
    picture::SvgCanvas canvas(height, width);
    explore::draw_lines(canvas, lines, capital, arguments.style);
    return write_file_atomically(arguments.file, canvas.document());
  }
  picture::ImageCanvas canvas(height, width);
  explore::draw_lines(canvas, lines, capital, arguments.style);
  picture::write_png(arguments.file, std::move(canvas).image(),
                     {{"Software", "Ganymede"},
                      {"Description", fmt::format("{}, seed {}, variation {}", weights, arguments.hand.seed,
                                                  arguments.hand.variation)}});
}

int write(const WriteArguments& arguments) {
  const std::string ending = fs::path(arguments.file).extension().string();
  if (ending != ".svg" && ending != ".png")
    fail<UserError>("-o {}: wanted a name that ends in .svg or .png", arguments.file);
  const run::RunDirectory directory = arguments.run.find();
  explore::Gallery gallery = make_gallery(arguments.machine.threads);
  const auto opened = gallery.open(directory, {.epoch = arguments.epoch, .checkpoint = arguments.checkpoint});
  explore::TrainedGenerator& generator = opened->generator;
  const std::vector<std::string> names = explore::letters_of(generator);
  const explore::HandText text = text_of(arguments, names);
  check_writable(arguments.file);
  const explore::HandSizes sizes =
      explore::sizes_of(generator.about().recipe, names, data::search_places(arguments.machine.data));
  const std::vector<ink::LinePiece> pieces = explore::line_pieces(generator, text, sizes, arguments.hand);
  std::int64_t blank = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    blank += text.pieces[i].label >= 0 && pieces[i].kind != ink::LinePiece::Kind::letter ? 1 : 0;
  const ink::Lines lines = ink::lay_out(pieces, arguments.line);
  if (lines.width * lines.height > kMostPixels) {
    fail<UserError>(
        "-o {}: the page would have {:.0f} x {:.0f} pixels: a smaller --size, or a --width, which breaks "
        "the lines",
        arguments.file, lines.width, lines.height);
  }
  write_picture(arguments, lines, opened->file.filename().string());
  if (arguments.output.json) {
    print(nlohmann::json{{"schema", "ganymede.write/1"},
                         {"run", directory.name()},
                         {"epoch", generator.about().epoch},
                         {"step", generator.about().step},
                         {"file", arguments.file},
                         {"seed", arguments.hand.seed},
                         {"variation", arguments.hand.variation},
                         {"sizes", sizes.from},
                         {"skipped", text.unknown},
                         {"blank", blank},
                         {"width", std::ceil(lines.width)},
                         {"height", std::ceil(lines.height)},
                         {"baselines", lines.baselines},
                         {"letters", letters_json(text, lines, names, arguments.hand.seed)}});
    return 0;
  }
  if (arguments.output.quiet) return 0;
  std::string more = sizes.from == "usual" ? "" : fmt::format(", sizes as in {}", sizes.from);
  if (blank > 0) more += fmt::format("; {} without ink, where the pen never touched the paper", blank);
  if (!text.unknown.empty()) more += fmt::format("; left out: {}", fmt::join(text.unknown, " "));
  print(fmt::format("{}: {} on {}, seed {}, from {}{}\n", arguments.file, counted(std::ssize(lines.letters), "letter"),
                    counted(std::ssize(lines.baselines), "line"), arguments.hand.seed, opened->file.filename().string(),
                    more));
  return 0;
}

}  // namespace

Action set_up_write(CLI::App& command) {
  const auto a = std::make_shared<WriteArguments>();
  add_run(command, a->run);
  command
      .add_option("TEXT", a->text,
                  "What is to be written, in UTF-8; line feeds begin a line; {heart} is the symbol of that name")
      ->required();
  command.add_option("-o,--output", a->file, "FILE.svg or FILE.png")
      ->type_name("FILE")
      ->transform(through_links())
      ->required();
  command.add_option("--seed", a->hand.seed, "Names the hand; letter i has one of its own behind it, seed + 1 + i")
      ->transform(range<std::int64_t>(0, kMostSampleSeed))
      ->capture_default_str();
  command
      .add_option("--variation", a->hand.variation,
                  "How far each letter is from the hand to one of its own: at 0 every A is the same one, at 1 no two "
                  "letters share a thing")
      ->transform(range(0.0, 1.0))
      ->capture_default_str();
  command
      .add_option("--case", a->letter_case,
                  "as-is; upper or lower: every letter so; either: in the other case where the hand lacks it")
      ->transform(one_of({"as-is", "upper", "lower", "either"}))
      ->capture_default_str();
  command.add_flag("--skip-unknown", a->skip_unknown, "Leave out what the hand does not know");
  command.add_option("--size", a->line.capital, "Height of a capital in pixels")
      ->transform(range(4.0, 1000.0))
      ->capture_default_str();
  command.add_option("--width", a->line.width, "Width of the page in pixels, at which lines break; 0: none do")
      ->transform(range(0.0, 100000.0))
      ->capture_default_str();
  command.add_option("--line-height", a->line.pitch, "From line to line, in capitals")
      ->transform(range(0.5, 10.0))
      ->capture_default_str();
  command.add_option("--gap", a->line.gap, "Between letters, in capitals")
      ->transform(range(-1.0, 5.0))
      ->capture_default_str();
  command.add_option("--space", a->line.space, "A space, in capitals")
      ->transform(range(0.0, 10.0))
      ->capture_default_str();
  command.add_option("--pen", a->style.pen, "Width of the pen in pixels; 0: a tenth of a capital")
      ->transform(range(0.0, 100.0))
      ->capture_default_str();
  command.add_flag("--plain", a->plain, "Straight from move to move, as the model draws, instead of curves");
  command.add_flag("--colours", a->style.colours, "The first stroke of a letter blue, the second red, then green ...");
  command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshot (default: the newest there are)")
      ->transform(range<std::int64_t>(0, kMostCount));
  command
      .add_option("--checkpoint", a->checkpoint, "Weights of this file of the run: a checkpoint, or best.safetensors")
      ->type_name("FILE");
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_output(command, a->output);
  command.footer(
      "Example: ganymede write ink-001 \"HELLO\" -o hello.svg\n"
      "         ganymede write ink-001 \"Dear Ann, ...\" --case upper --width 900 --seed 7 -o letter.png");
  return [a] {
    a->style.smooth = !a->plain;
    return write(*a);
  };
}

}  // namespace ganymede::app
