# The house in CMake: one static library a room, and each room's tests link that room alone, so that a call against the
# direction of the arrows fails to link.

# -Wno-restrict: GCC 12 warns falsely inside its own std::string.
# -Wno-missing-field-initializers: designated initialisers (the house style) may leave fields at their defaults.
# ganymede_toolchain(): language level, warnings, sanitizers, and no contraction of a*b+c (kernels say MulAdd where they mean it).
function(ganymede_toolchain)
  add_library(ganymede_options INTERFACE)
  target_compile_features(ganymede_options INTERFACE cxx_std_20)
  target_compile_options(ganymede_options INTERFACE -ffp-contract=off)
  target_include_directories(ganymede_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
  target_compile_options(ganymede_options INTERFACE -Wall -Wextra -Wno-restrict -Wno-missing-field-initializers -Wshadow -Wnon-virtual-dtor -Wpedantic)
  if(GANYMEDE_WERROR)
    target_compile_options(ganymede_options INTERFACE -Werror)
  endif()
  if(GANYMEDE_SANITIZE)
    target_compile_options(ganymede_options INTERFACE -fsanitize=${GANYMEDE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(ganymede_options INTERFACE -fsanitize=${GANYMEDE_SANITIZE})
  endif()
  find_package(Threads REQUIRED)
  target_link_libraries(ganymede_options INTERFACE Threads::Threads)
endfunction()

# ganymede_room(<name> [ROOMS <room>...] [PUBLIC <lib>...] [PRIVATE <lib>...]): every .cpp file of the folder is part of it.
function(ganymede_room name)
  cmake_parse_arguments(ARG "" "" "ROOMS;PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(rooms ${ARG_ROOMS})
  list(TRANSFORM rooms PREPEND ganymede_)
  if(NOT sources)  # headers alone
    add_library(ganymede_${name} INTERFACE)
    target_link_libraries(ganymede_${name} INTERFACE ganymede_options ${rooms})
    return()
  endif()
  add_library(ganymede_${name} STATIC ${sources})
  target_link_libraries(ganymede_${name} PUBLIC ganymede_options ${rooms} ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

# ganymede_tests(<room> [LIBS <lib>...]): tests/<room>/*_test.cpp become one program whose cases ctest knows by name; cases
# whose name holds "Slow" get the label slow.
function(ganymede_tests room)
  cmake_parse_arguments(ARG "" "" "LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${room}_test ${sources})
  target_link_libraries(${room}_test PRIVATE ganymede_${room} ${ARG_LIBS} GTest::gtest_main)
  target_include_directories(${room}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${room}_test PRIVATE GANYMEDE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  gtest_discover_tests(${room}_test TEST_PREFIX ${room}. TEST_FILTER "-*Slow*" DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
  gtest_discover_tests(${room}_test TEST_PREFIX ${room}. TEST_FILTER "*Slow*" TEST_LIST ${room}_slow DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS slow TIMEOUT 1800)
endfunction()
