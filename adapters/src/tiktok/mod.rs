//! TikTok, through the Content Posting API.
