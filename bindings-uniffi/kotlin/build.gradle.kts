plugins {
    kotlin("jvm") version "2.4.20"
    `java-library`
    `maven-publish`
}

group = "calendarpublish"
version = "0.1.0"

repositories {
    mavenCentral()
}

dependencies {
    // On Android: implementation("net.java.dev.jna:jna:5.13.0@aar")
    implementation("net.java.dev.jna:jna:5.13.0")
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core:1.8.0")
}

kotlin {
    jvmToolchain(17)
}

publishing {
    publications {
        create<MavenPublication>("library") {
            from(components["java"])
        }
    }
}
