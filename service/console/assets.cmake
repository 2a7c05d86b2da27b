# The page of the console as a part of the program: its own files, and the libraries of package-lock.json, which npm puts into the
# build folder. Needs the package registry the first time.
find_program(NPM npm REQUIRED)
set(here ${CMAKE_CURRENT_LIST_DIR})
set(there ${CMAKE_BINARY_DIR}/console)
set(modules ${there}/node_modules)
add_custom_command(
  OUTPUT ${modules}/.package-lock.json
  DEPENDS ${here}/package.json ${here}/package-lock.json
  COMMAND ${CMAKE_COMMAND} -E copy ${here}/package.json ${here}/package-lock.json ${there}
  COMMAND ${NPM} ci --prefix ${there} --ignore-scripts --no-audit --no-fund --loglevel=error
  COMMAND ${CMAKE_COMMAND} -E touch ${modules}/.package-lock.json
  COMMENT "Node packages of the console's page"
  VERBATIM)
file(GLOB_RECURSE web CONFIGURE_DEPENDS ${here}/web/*)
add_custom_command(
  OUTPUT ${there}/assets.cpp
  DEPENDS ${web} ${modules}/.package-lock.json ${here}/embed.cmake
  COMMAND ${CMAKE_COMMAND} -D WEB=${here}/web -D MODULES=${modules} -D OUT=${there}/assets.cpp -P ${here}/embed.cmake
  VERBATIM)
target_sources(proctor_console PRIVATE ${there}/assets.cpp)
set_source_files_properties(${there}/assets.cpp PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
