//! TikTok: sign-in, the Content Posting API and its upload hosts.
