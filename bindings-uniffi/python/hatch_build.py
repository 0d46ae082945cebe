"""Gives the wheel the tag of the machine it was built on: it holds a compiled library."""

import sysconfig

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PlatformTag(BuildHookInterface):
    def initialize(self, version, build_data):
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        # The library speaks C, not Python's ABI: any Python 3 loads it.
        build_data["tag"] = f"py3-none-{platform}"
