# libphonenumber, as target brandwacht_phonenumber. Debian 12 has no pkg-config file for it. Its -dev package needs Boost 1.74
# headers, which exclude the Boost 1.81 of this project: `make` installs the library alone and unpacks the headers of the -dev
# package into build/deps. They compile with Boost 1.81, of which they use scoped_ptr and nothing else.
find_package(Protobuf REQUIRED)
find_path(PHONENUMBER_INCLUDE_DIR phonenumbers/phonenumberutil.h
  HINTS ${PROJECT_SOURCE_DIR}/build/deps/usr/include)
find_library(PHONENUMBER_LIBRARY NAMES phonenumber libphonenumber.so.8)
if(NOT PHONENUMBER_INCLUDE_DIR OR NOT PHONENUMBER_LIBRARY)
  message(FATAL_ERROR
    "libphonenumber is missing (headers: ${PHONENUMBER_INCLUDE_DIR}, library: ${PHONENUMBER_LIBRARY}).\n"
    "Run `make phonenumber`: it installs libphonenumber8 and unpacks the headers of libphonenumber-dev into build/deps. "
    "Do not install libphonenumber-dev: on Debian 12 apt-get would remove libboost1.81-dev for it.")
endif()
add_library(brandwacht_phonenumber INTERFACE)
target_include_directories(brandwacht_phonenumber SYSTEM INTERFACE ${PHONENUMBER_INCLUDE_DIR})
target_link_libraries(brandwacht_phonenumber INTERFACE ${PHONENUMBER_LIBRARY} protobuf::libprotobuf)
