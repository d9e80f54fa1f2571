# The house in CMake: one static library a room, and each room's tests link that room alone, so that a call against the
# direction of the arrows fails to link.

# -Wno-restrict: GCC 12 warns falsely inside its own std::string.
# -Wno-missing-field-initializers: designated initialisers (the house style) may leave fields at their defaults.
# ganymede_toolchain(): language level, warnings, sanitizers, and no contraction of a*b+c (kernels say MulAdd where they mean it).
function(ganymede_toolchain)
  add_library(ganymede_options INTERFACE)
  target_compile_features(ganymede_options INTERFACE cxx_std_20)
  # Installed, it says where the headers are; how strict to be is for whoever uses them to say.
  target_include_directories(ganymede_options INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/src> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/ganymede>)
  set(strict -ffp-contract=off -Wall -Wextra -Wno-restrict -Wno-missing-field-initializers -Wshadow -Wnon-virtual-dtor -Wpedantic)
  if(GANYMEDE_WERROR)
    list(APPEND strict -Werror)
  endif()
  target_compile_options(ganymede_options INTERFACE "$<BUILD_INTERFACE:${strict}>")
  if(GANYMEDE_SANITIZE)
    target_compile_options(ganymede_options INTERFACE -fsanitize=${GANYMEDE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(ganymede_options INTERFACE -fsanitize=${GANYMEDE_SANITIZE})
  endif()
  find_package(Threads REQUIRED)
  target_link_libraries(ganymede_options INTERFACE Threads::Threads)
endfunction()

# ganymede_light(<target>): optimised lightly. Sources that direct the work of others, and read and write text, gain nothing from
# more, and compile in half the time.
function(ganymede_light target)
  # -Wno-array-bounds: at -O1 GCC 12 warns falsely inside its own std::string.
  target_compile_options(${target} PRIVATE "$<$<CONFIG:Release>:-O1;-Wno-array-bounds>")
endfunction()

# ganymede_precompiled(<target> <set>): the target's sources start from the headers of cmake/precompiled/, read once for all targets of
# equal flags. Sources still name what they include: the dev preset builds without.
function(ganymede_precompiled target set)
  if(GANYMEDE_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ganymede_precompiled_${set})
  endif()
endfunction()

# ganymede_unity(<target>): the sources of a room are compiled as one or two, so that headers and templates they share are read once: a
# quarter of the time for everything, some seconds more for one changed file. Names in unnamed namespaces then meet: keep them
# apart within a room. The dev preset builds without.
function(ganymede_unity target)
  if(GANYMEDE_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 30)
    # GCC takes an included source for a header, whose types must not hold those of an unnamed namespace.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# ganymede_room(<name> [LIGHT] [ROOMS <room>...] [PUBLIC <lib>...] [PRIVATE <lib>...]): every .cpp file of the folder and of the folders
# in it is part of it.
function(ganymede_room name)
  cmake_parse_arguments(ARG "LIGHT" "" "ROOMS;PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*/*.cpp)
  set(rooms ${ARG_ROOMS})
  list(TRANSFORM rooms PREPEND ganymede_)
  if(NOT sources)  # headers alone
    add_library(ganymede_${name} INTERFACE)
    target_link_libraries(ganymede_${name} INTERFACE ganymede_options ${rooms})
    return()
  endif()
  add_library(ganymede_${name} STATIC ${sources})
  target_link_libraries(ganymede_${name} PUBLIC ganymede_options ${rooms} ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  if(ARG_LIGHT)
    ganymede_light(ganymede_${name})
    ganymede_precompiled(ganymede_${name} light_rooms)
  elseif(NOT name STREQUAL "kernels")  # flags of its own
    ganymede_precompiled(ganymede_${name} rooms)
  endif()
  if(NOT name STREQUAL "kernels")  # Highway includes each file once a target
    ganymede_unity(ganymede_${name})
  endif()
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
  ganymede_light(${room}_test)
  ganymede_precompiled(${room}_test light_tests)
  if(NOT room MATCHES "^(kernels|engine)$")  # few and long: nothing gained
    ganymede_unity(${room}_test)
  endif()
  set(limit 300)
  if(GANYMEDE_SANITIZE)
    set(limit 1800)
  endif()
  gtest_discover_tests(${room}_test TEST_PREFIX ${room}. TEST_FILTER "-*Slow*" DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${limit})
  gtest_discover_tests(${room}_test TEST_PREFIX ${room}. TEST_FILTER "*Slow*" TEST_LIST ${room}_slow DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS slow TIMEOUT 3600)
endfunction()
