# find_package(ganymede): ganymede::ganymede, and each room by itself (ganymede::explore). Needs the packages that Ganymede is built with.
include(CMakeFindDependencyMacro)
foreach(package Threads fmt nlohmann_json HWY ZLIB LibArchive PNG GIF JPEG tomlplusplus)
  find_dependency(${package})
endforeach()
find_dependency(Eigen3 NO_MODULE)
include(${CMAKE_CURRENT_LIST_DIR}/ganymede-targets.cmake)
