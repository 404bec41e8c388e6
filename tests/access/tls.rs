//! Over TLS: certificates that are not accepted, and a server without any.

use rstest::rstest;

use crate::environment;
use crate::golden;
use crate::server::{Staging, finished, shown};

#[rstest]
#[case("tls-unknown-authority", mock_idp::Tls::UnknownCa)]
#[case("tls-expired", mock_idp::Tls::Expired)]
#[case("tls-another-name", mock_idp::Tls::WrongHost)]
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_accepted(#[case] name: &str, #[case] tls: mock_idp::Tls) {
    let folder = tempfile::tempdir().unwrap();
    let now = mock_idp::Clock::system().now();
    mock_idp::CertificateAuthority::create(&folder.path().join("ca"), now).unwrap();
    let authority = mock_idp::CertificateAuthority::load(&folder.path().join("ca"), now).unwrap();
    // The provider stands for a server with such a certificate.
    let provider = mock_idp::Provider::start(mock_idp::ProviderOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: None,
        keys: mock_idp::KeySource::Published,
        clock: mock_idp::Clock::system(),
        seed: 1,
        secret: "secret".to_owned(),
        authority: Some(authority.into()),
    })
    .await
    .unwrap();
    let origin = provider.origin_over(tls).unwrap();
    let staging = Staging::start().await;
    let mut command = environment::harness(staging.folder.path());
    command.args(["run", "--target", origin.as_str(), "--api-key-file"]).arg(staging.folder.path().join("key"));
    command.arg("--ca").arg(folder.path().join("ca/ca.pem"));
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    golden::compare(name, &staging, &shown(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_speak_tls() {
    let staging = Staging::start().await;
    let address = staging.url.replace("http://", "https://");
    let mut command = environment::harness(staging.folder.path());
    command.args(["run", "--target", &address, "--api-key-file"]).arg(staging.folder.path().join("key"));
    golden::compare("tls-none", &staging, &shown(&finished(command).await));
}
