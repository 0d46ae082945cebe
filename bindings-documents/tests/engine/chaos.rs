//! Every call of every port throws once, before and after its effect: never two posts, and every end can be
//! explained.

use calendar_publish::model::JobStatus;

use crate::fixture::{Trouble, World, account, schedule};

fn live(trouble: Trouble) -> World {
    let world = World::new(trouble);
    world.insist("putAccount", &account());
    world.insist("schedule", &schedule());
    world
}

#[test]
fn an_exception_anywhere_never_makes_two_posts() {
    let calm = live(Trouble::None);
    assert_eq!(calm.settle().status, JobStatus::Published);
    let calls = calm.calls();
    assert!(calls > 20, "{calls} calls");
    let mut published = 0;
    for number in 1..=calls {
        for trouble in [Trouble::Before(number), Trouble::After(number)] {
            let world = live(trouble);
            let job = world.settle();
            let posts = world.instagram.posts().len();
            assert!(posts <= 1, "{trouble:?}: {posts} posts, {job:?}");
            match job.status {
                JobStatus::Published => {
                    assert_eq!(posts, 1, "{trouble:?}: {job:?}");
                    published += 1;
                }
                JobStatus::NeedsAttention => {
                    assert!(job.last_error.is_some(), "{trouble:?}: {job:?}");
                }
                _ => panic!("{trouble:?}: {job:?}"),
            }
        }
    }
    // One exception is nothing that a person should hear of, but where the platform can't be asked.
    assert!(published >= 2 * calls - 4, "{published} of {}", 2 * calls);
}
