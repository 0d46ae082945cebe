rootProject.name = "calendar-publish"
