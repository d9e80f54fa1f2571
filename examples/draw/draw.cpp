// Draws sixteen pictures with a trained run: draw RUN FILE.png. They are those of `ganymede sample RUN -o FILE.png`.

#include <iostream>

#include "base/error.hpp"
#include "engine/executor.hpp"
#include "explore/trained_generator.hpp"
#include "explore/weights.hpp"
#include "picture/png.hpp"

int main(int argc, char** argv) try {
  using namespace ganymede;
  if (argc != 3) fail<UserError>("usage: draw RUN FILE.png");
  const auto run = run::RunDirectory::open(argv[1]);
  explore::TrainedGenerator generator(engine::cpu_backend(), explore::load_weights(run).snapshot, run.path(), 0);

  const Tensor pictures = generator.draw(train::kFixedSeed, 16);  // f32 [16, C, H, W] in [-1, 1]
  picture::write_png(argv[2], train::sheet(pictures));
  std::cout << to_string(pictures.shape()) << " of epoch " << generator.about().epoch << "\n";
  return 0;
} catch (const ganymede::Error& error) {
  std::cerr << "draw: " << error.what() << "\n";
  return error.exit_code();
}
