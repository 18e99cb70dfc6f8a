//! Whether an address is in the home network. What is not known to be there is taken to be elsewhere.

use std::net::IpAddr;

use reqwest::Url;

/// Whether a URL's host is this machine or in the home network: private addresses (RFC 1918, RFC 4193), names that
/// only a home's own name server knows.
pub fn is_at_home(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    match host.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => {
            address.is_loopback() || address.is_private() || address.is_link_local()
        }
        Ok(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
        Err(_) => {
            let host = host.trim_end_matches('.').to_ascii_lowercase();
            !host.contains('.')
                || [
                    ".local",
                    ".lan",
                    ".home",
                    ".internal",
                    ".home.arpa",
                    ".localhost",
                ]
                .iter()
                .any(|ending| host.ends_with(ending))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_home(url: &str) -> bool {
        is_at_home(&Url::parse(url).unwrap())
    }

    #[test]
    fn private_addresses_and_names_of_a_home_are_local() {
        for url in [
            "http://127.0.0.1:1234",
            "http://192.168.1.5:11434",
            "http://10.0.0.2",
            "http://172.30.32.1",
            "http://[::1]:80",
            "http://[fd00::5]",
            "http://nas.local",
            "http://ollama",
            "http://box.home.arpa",
            "http://localhost:11434",
        ] {
            assert!(at_home(url), "{url}");
        }
        for url in [
            "https://api.openai.com/v1",
            "https://8.8.8.8",
            "https://172.32.0.1",
            "https://local.example.com",
            "https://[2001:db8::1]",
        ] {
            assert!(!at_home(url), "{url}");
        }
    }
}
