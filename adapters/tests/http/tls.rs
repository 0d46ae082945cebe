//! Certificates.

use std::sync::Arc;

use calendar_publish::ports::{HttpTransport, MediaRange, MediaSource, Method};
use calendar_publish_adapters::http::{HttpMedia, HttpSettings, ReqwestTransport};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::server::{Act, Server, answer};
use crate::{local, not_sent, request};

/// A server with a certificate for `name`, and its authority's certificate in DER form.
async fn server(name: &str) -> (Server, Vec<u8>) {
    let mut authority = CertificateParams::new([]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
        .unwrap();
    let server = Server::start_tls(TlsAcceptor::from(Arc::new(config)), |_| {
        Act::Answer(answer(200, &["content-type: image/jpeg"], b"sealed"))
    })
    .await;
    (server, authority.der().to_vec())
}

async fn post(settings: HttpSettings, server: &Server) -> Result<u16, String> {
    let url = format!("https://localhost:{}/?token=SECRET", server.address.port());
    let transport = ReqwestTransport::new(&settings).unwrap();
    let answer = transport.send(request(Method::Post, &url)).await;
    match &answer {
        Ok(answer) => Ok(answer.status),
        Err(_) => Err(not_sent(&answer).to_owned()),
    }
}

#[tokio::test]
async fn an_unknown_authority_is_not_sent_to() {
    let (server, _) = server("localhost").await;
    let reason = post(local(), &server).await.unwrap_err();
    assert!(reason.contains("UnknownIssuer"), "{reason}");
    assert!(!reason.contains("SECRET"), "{reason}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn an_authority_that_the_host_gives_is_trusted() {
    let (server, root) = server("localhost").await;
    let settings = local().with_root_certificate(root);
    assert_eq!(post(settings.clone(), &server).await, Ok(200));
    let media = HttpMedia::new(&settings).unwrap();
    let chunk = media
        .read(MediaRange {
            url: format!("https://localhost:{}/a.jpg", server.address.port()),
            offset: 0,
            length: 6,
        })
        .await
        .unwrap();
    assert_eq!(chunk.bytes, b"sealed");
}

#[tokio::test]
async fn another_name_is_not_sent_to() {
    let (server, root) = server("elsewhere.example").await;
    let settings = local().with_root_certificate(root);
    post(settings, &server).await.unwrap_err();
    assert!(server.seen().is_empty());
}

#[test]
fn what_is_no_certificate_is_refused_at_once() {
    let settings = local().with_root_certificate(b"not a certificate".to_vec());
    ReqwestTransport::new(&settings).unwrap_err();
}

#[test]
fn no_provider_is_installed_for_the_process() {
    ReqwestTransport::new(&local()).unwrap();
    assert!(tokio_rustls::rustls::crypto::CryptoProvider::get_default().is_none());
}
