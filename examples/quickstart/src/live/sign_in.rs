//! Linking both accounts, with the person's part played by this program.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use calendar_publish::message::Lang;
use calendar_publish::model::{Channel, ChannelAccount};
use calendar_publish::ports::{HttpRequest, Method};
use calendar_publish_adapters::accounts::{LinkOutcome, Login};
use calendar_publish_simulators::{instagram, tiktok};

use super::Material;
use super::stage::{REDIRECT, Stage};
use crate::view::Screen;

/// Links each account of the material: begins the sign-in, consents on the platform's page, and finishes
/// with the address that the platform sends the person back to.
pub(super) async fn link(
    screen: &Screen,
    stage: &Stage,
    material: &Material<'_>,
) -> Result<Vec<ChannelAccount>> {
    let mut linked = Vec::new();
    for account in material.accounts {
        let id = &account.external_account_id;
        let login = match account.channel {
            Channel::Tiktok => {
                stage.tiktok.consent(id, tiktok::Consent::All);
                Login::Tiktok
            }
            Channel::Instagram => {
                stage.instagram.consent(id, instagram::Consent::All);
                Login::Instagram
            }
        };
        let begun = stage
            .service
            .begin_link(material.user, login, REDIRECT, account.timezone)
            .await?;
        let callback = consent(stage, begun.url).await?;
        match stage.service.finish_link(material.user, &callback).await? {
            LinkOutcome::Linked(account) => {
                screen.line(&said(screen, &account));
                linked.push(*account);
            }
            LinkOutcome::ChoosePage(_) => bail!("Instagram's own sign-in knows no pages"),
        }
    }
    Ok(linked)
}

/// What a browser does: it opens the page, the person agrees, and the platform sends it to the redirect.
async fn consent(stage: &Stage, url: String) -> Result<String> {
    let request = HttpRequest {
        method: Method::Get,
        url,
        headers: Vec::new(),
        body: Vec::new(),
        deadline: Duration::from_secs(10),
    };
    let page = stage.transport.send(request).await?;
    page.headers
        .into_iter()
        .find(|header| header.name.eq_ignore_ascii_case("location"))
        .map(|header| header.value)
        .with_context(|| format!("the consent page answered {}", page.status))
}

fn said(screen: &Screen, account: &ChannelAccount) -> String {
    let formatter = screen.formatter(account.timezone);
    let until = account
        .expires_at
        .map(|at| formatter.instant(at))
        .unwrap_or_default();
    let renewable = match (screen.lang, account.renewable_until) {
        (_, None) => String::new(),
        (Lang::Es, Some(_)) => ", se renueva sola".to_owned(),
        (Lang::En, Some(_)) => ", renews itself".to_owned(),
    };
    format!(
        "✓ {} {} ({}): {} {until}{renewable}",
        account.channel.brand(),
        account.display_name,
        account.scopes.join(", "),
        screen.say("autorizada hasta el", "authorised until"),
    )
}
