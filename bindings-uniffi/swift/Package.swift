// swift-tools-version:5.9
import PackageDescription

// `Sources` is generated: `test.sh` and `cargo xtask bindings` put it here.
let package = Package(
    name: "CalendarPublish",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "CalendarPublish", targets: ["CalendarPublish"])
    ],
    targets: [
        // The C header of the library. On iOS an xcframework takes its place: docs/mobile.md.
        .systemLibrary(name: "calendar_publishFFI", path: "Sources/calendar_publishFFI"),
        .target(
            name: "CalendarPublish",
            dependencies: ["calendar_publishFFI"],
            path: "Sources/CalendarPublish",
            linkerSettings: [.linkedLibrary("calendar_publish_uniffi")]
        ),
        .testTarget(name: "CalendarPublishTests", dependencies: ["CalendarPublish"]),
    ]
)
