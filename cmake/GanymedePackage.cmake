# What others take: the library for find_package(ganymede), and Debian packages of the program and of its plug-in for MPI.

# The rooms that a program needs to work with trained generators, as ganymede::<room>, and all of them as ganymede::ganymede. A component of
# their own, which `cmake --install build/release --component development` installs.
function(ganymede_install_library)
  set(rooms base cluster tensor picture ink data latent net interop play kernels engine run train fit measure explore)
  add_library(ganymede_library INTERFACE)
  target_link_libraries(ganymede_library INTERFACE ganymede_explore ganymede_interop ganymede_engine)
  set_target_properties(ganymede_library PROPERTIES EXPORT_NAME ganymede)
  set_target_properties(ganymede_options PROPERTIES EXPORT_NAME options)
  foreach(room ${rooms})
    set_target_properties(ganymede_${room} PROPERTIES EXPORT_NAME ${room})
    list(APPEND targets ganymede_${room})
    install(DIRECTORY ${CMAKE_SOURCE_DIR}/src/${room} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ganymede COMPONENT development EXCLUDE_FROM_ALL
            FILES_MATCHING PATTERN *.hpp)
  endforeach()
  set(folder ${CMAKE_INSTALL_LIBDIR}/cmake/ganymede)
  install(TARGETS ganymede_library ganymede_options ${targets} EXPORT ganymede
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/ganymede COMPONENT development EXCLUDE_FROM_ALL)
  install(EXPORT ganymede NAMESPACE ganymede:: FILE ganymede-targets.cmake DESTINATION ${folder} COMPONENT development EXCLUDE_FROM_ALL)
  include(CMakePackageConfigHelpers)
  write_basic_package_version_file(${CMAKE_BINARY_DIR}/ganymede-config-version.cmake COMPATIBILITY ExactVersion)  # before 1.0 all may change
  install(FILES ${CMAKE_SOURCE_DIR}/cmake/ganymede-config.cmake ${CMAKE_BINARY_DIR}/ganymede-config-version.cmake DESTINATION ${folder}
          COMPONENT development EXCLUDE_FROM_ALL)
endfunction()

# `cpack -G DEB --config build/release/CPackConfig.cmake`: the program, and beside it the plug-in where MPI was found, so that only who wants it gets
# OpenMPI. What the program loads when it is needed is recommended.
macro(ganymede_package)
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_NAME ganymede)
  set(CPACK_PACKAGE_CONTACT "The authors of Ganymede <ganymede@localhost>")
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_STRIP_FILES ON)
  set(CPACK_DEB_COMPONENT_INSTALL ON)
  set(CPACK_COMPONENTS_ALL program)
  set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME ganymede)
  set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "ca-certificates, libcurl4")
  set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "ffmpeg, ganymede-mpi")
  if(TARGET ganymede_mpi)
    list(APPEND CPACK_COMPONENTS_ALL mpi)
    set(CPACK_DEBIAN_MPI_PACKAGE_NAME ganymede-mpi)
    set(CPACK_DEBIAN_MPI_DESCRIPTION "Messages between processes for Ganymede, by OpenMPI")
    set(CPACK_DEBIAN_MPI_PACKAGE_DEPENDS "ganymede (= ${PROJECT_VERSION}), openmpi-bin")
  endif()
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION science)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  include(CPack)
endmacro()
