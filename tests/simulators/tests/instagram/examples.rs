//! The example requests of Meta's pages and the answers that they show.

use serde_json::json;

use crate::bench::{ACCOUNT, Bench, GRAPH, error};

#[test]
fn an_image_from_its_container_to_its_link() {
    let bench = Bench::new();
    let container = bench.create(
        "image_url=https%3A%2F%2Fcdn.test%2Fbun.jpg&caption=Fresh%20buns%20%23bakery&alt_text=Six%20buns\
         &user_tags=%5B%7B%22username%22%3A%22miller%22%2C%22x%22%3A0.4%2C%22y%22%3A0.7%7D%5D",
    );
    assert!(container.parse::<u64>().unwrap() > 1 << 53);

    let status = bench.status(&container);
    assert_eq!(status["status_code"], "IN_PROGRESS");
    assert_eq!(status["id"], container.as_str());
    assert!(
        status["status"]
            .as_str()
            .unwrap()
            .starts_with("In Progress")
    );
    let early = bench.publish(&container);
    assert_eq!(early.0, 400);
    assert_eq!(error(early), (9007, Some(2_207_027)));

    bench.wait(5);
    let status = bench.status(&container);
    assert_eq!(status["status_code"], "FINISHED");
    assert!(status["status"].as_str().unwrap().starts_with("Finished"));

    let (code, published) = bench.publish(&container);
    assert_eq!(code, 200);
    let media = published["id"].as_str().unwrap();
    let (_, read) = bench.get(&format!(
        "{GRAPH}/{media}?fields=id,permalink,shortcode,timestamp,media_type"
    ));
    assert_eq!(read["timestamp"], "2026-11-20T10:00:05+0000");
    assert_eq!(read["media_type"], "IMAGE");
    let shortcode = read["shortcode"].as_str().unwrap();
    let permalink = format!("https://www.instagram.com/p/{shortcode}/");
    assert_eq!(read["permalink"], permalink);
    assert_eq!(bench.status_code(&container), "PUBLISHED");

    let (_, list) = bench.get(&format!(
        "{GRAPH}/{ACCOUNT}/media?fields=id,caption,permalink,timestamp,media_type,media_product_type&limit=10"
    ));
    assert_eq!(
        list["data"],
        json!([{
            "id": media,
            "caption": "Fresh buns #bakery",
            "permalink": permalink,
            "timestamp": "2026-11-20T10:00:05+0000",
            "media_type": "IMAGE",
            "media_product_type": "FEED",
        }])
    );
    assert!(list["paging"]["cursors"]["after"].is_string());

    let (_, quota) = bench.get(&format!(
        "{GRAPH}/{ACCOUNT}/content_publishing_limit?fields=config,quota_usage"
    ));
    assert_eq!(
        quota["data"],
        json!([{"quota_usage": 1, "config": {"quota_total": 50, "quota_duration": 86_400}}])
    );

    let posts = bench.instagram.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].id, media);
    assert_eq!(posts[0].handle, container);
    assert_eq!(posts[0].caption, "Fresh buns #bakery");
    assert_eq!(posts[0].media.len(), 1);
}

#[test]
fn the_identity_of_an_account() {
    let bench = Bench::new();
    let (status, me) = bench.get(&format!("{GRAPH}/me?fields=user_id,username,account_type"));
    assert_eq!(status, 200);
    assert_eq!(
        me,
        json!({"user_id": ACCOUNT, "username": "bakery.demo", "account_type": "BUSINESS", "id": "25500499000000001"})
    );
}
