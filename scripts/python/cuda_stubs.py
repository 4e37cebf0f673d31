#!/usr/bin/env python3
"""Lets the package index's CUDA build of torch import without its CUDA wheels (4 GB).

A run on the CPU never calls into cuBLAS, cuDNN, NCCL and so on, but the loader wants every symbol resolved when torch is
imported. For each library that torch names and nothing provides, this builds a stand-in in torch/lib, where torch looks
first: every function in it returns 100 (cudaErrorNoDevice). Symbol versions are kept, since the loader checks them.
The small CUDA runtime is installed for real: torch asks it whether there is a device.

Usage: cuda_stubs.py SITE_PACKAGES        needs cc, nm and readelf
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

SYSTEM = re.compile(
    r"^(ld-linux|lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+|gomp|gfortran|quadmath|cuda)[.-])"
)
# Names without a version that only a CUDA library can own; all of them are plain C.
CUDA_NAME = re.compile(r"^(cu|nccl|nvshmem|nvrtc|nvtx|nvJitLink|__cuda)[A-Za-z0-9_]*$")


def output_of(*argv):
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


def symbols(library, flag):
    lines = output_of("nm", "-D", flag, library).splitlines()
    return {line.split()[-1] for line in lines if line.strip()}


def defined_names(library):
    return {symbol.split("@")[0] for symbol in symbols(library, "--defined-only")}


def needed(library):
    return re.findall(r"\(NEEDED\).*\[(.+?)\]", output_of("readelf", "-dW", library))


def version_owners(library):
    """{symbol version: file name of the library that must define it}"""
    owners, current = {}, None
    for line in output_of("readelf", "-VW", library).splitlines():
        if file := re.search(r"Version: \d+\s+File: (\S+)\s+Cnt:", line):
            current = file.group(1)
        elif current and (version := re.search(r"Name: (\S+)\s+Flags:", line)):
            owners.setdefault(version.group(1), current)
    return owners


def build(target, versions, plain):
    """A library at `target` with the symbols of `versions` ({version: symbols}) and of `plain`, which have none."""
    with tempfile.TemporaryDirectory() as folder:
        source, script = os.path.join(folder, "stub.c"), os.path.join(folder, "stub.map")
        with open(source, "w") as file:
            for symbol in sorted(set(plain).union(*versions.values())):
                file.write(f"long {symbol}(void) {{ return 100; }}\n")
        with open(script, "w") as file:
            for version, names in versions.items():
                file.write(f"{version} {{ global: {' '.join(f'{name};' for name in sorted(names))} }};\n")
        argv = ["cc", "-shared", "-fPIC", "-w", "-O1", "-fno-builtin"]
        argv.append(f"-Wl,-soname,{os.path.basename(target)}")
        if versions:
            argv.append(f"-Wl,--version-script={script}")
        subprocess.run([*argv, "-o", target, source], check=True)


def main():
    site = sys.argv[1]
    folder = os.path.join(site, "torch", "lib")
    libraries = glob.glob(f"{folder}/libtorch*.so") + glob.glob(f"{folder}/libc10*.so")
    installed = glob.glob(f"{site}/nvidia/**/*.so*", recursive=True)
    real = {os.path.basename(path): path for path in installed}
    missing, wanted, given, owners = set(), set(), set(), {}
    for library in libraries:
        wanted |= symbols(library, "--undefined-only")
        given |= defined_names(library)
        owners.update(version_owners(library))
        for name in needed(library):
            if name in real:
                given |= defined_names(real[name])
            elif not SYSTEM.match(name) and not os.path.exists(os.path.join(folder, name)):
                missing.add(name)
    versions = {name: {} for name in missing}
    plain = set()
    for entry in wanted:
        symbol, _, version = entry.partition("@")
        version = version.lstrip("@")
        if version and owners.get(version) in missing:
            versions[owners[version]].setdefault(version, set()).add(symbol)
        elif not version and symbol not in given and CUDA_NAME.match(symbol):
            plain.add(symbol)
    # Symbols without a version may live in any one library that has no versions either.
    home = next((name for name in sorted(missing) if not versions[name]), None)
    for name in missing:
        build(os.path.join(folder, name), versions[name], plain if name == home else ())


if __name__ == "__main__":
    main()
