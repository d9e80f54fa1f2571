# cmake -DRECIPES="a.toml;b.toml" -DOUTPUT=shipped_recipes.cpp -P embed_recipes.cmake
set(body "")
list(SORT RECIPES)
foreach(path IN LISTS RECIPES)
  get_filename_component(name ${path} NAME_WE)
  file(READ ${path} text)
  string(FIND "${text}" ")toml\"" end)
  if(NOT end EQUAL -1)
    message(FATAL_ERROR "${path} holds the end mark of a raw string")
  endif()
  string(APPEND body "      {\"${name}\", R\"toml(${text})toml\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"run/recipe_file.hpp\"

namespace ganymede::run {

const std::vector<ShippedRecipe>& shipped_recipes() {
  static const std::vector<ShippedRecipe> recipes = {
${body}  };
  return recipes;
}

}  // namespace ganymede::run
")
