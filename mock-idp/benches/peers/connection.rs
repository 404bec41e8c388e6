//! One keep-alive connection of HTTP/1.1, as light as can be: what the
//! generator costs is missing from the machine that it shares.

use std::io;
use std::net::SocketAddr;
use std::ops::Range;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is made anew when the server has closed it.
pub struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
    filled: usize,
}

/// An answer, until the next request.
pub struct Answer<'a> {
    pub status: u16,
    head: &'a str,
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The values of all headers of that lower-case name.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        header_values(self.head, name)
    }
}

fn header_values<'a>(head: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    head.split("\r\n").filter_map(move |line| {
        let (key, value) = line.split_at_checked(name.len())?;
        (key.eq_ignore_ascii_case(name)).then_some(value.strip_prefix(':')?.trim())
    })
}

impl Connection {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, stream: None, buffer: vec![0; 32 * 1024], filled: 0 }
    }

    /// Sends a whole request and reads the whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect().await?,
        };
        stream.write_all(request).await?;
        self.filled = 0;
        let head = loop {
            if let Some(end) = find(&self.buffer[..self.filled], b"\r\n\r\n") {
                break 0..end;
            }
            self.fill(&mut stream).await?;
        };
        let (status, length, closes) = self.read_head(head.clone())?;
        let start = head.end + 4;
        let body = match length {
            Length::Bytes(length) => {
                while self.filled < start + length {
                    self.fill(&mut stream).await?;
                }
                start..start + length
            }
            Length::Chunked => self.read_chunks(&mut stream, start).await?,
        };
        if !closes {
            self.stream = Some(stream);
        }
        let head = std::str::from_utf8(&self.buffer[head]).map_err(io::Error::other)?;
        Ok(Answer { status, head, body: &self.buffer[body] })
    }

    async fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    async fn fill(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled * 2, 0);
        }
        match stream.read(&mut self.buffer[self.filled..]).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.filled += read;
                Ok(())
            }
        }
    }

    fn read_head(&self, head: Range<usize>) -> io::Result<(u16, Length, bool)> {
        let head = std::str::from_utf8(&self.buffer[head]).map_err(io::Error::other)?;
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("no status line"))?;
        let length = match header_values(head, "content-length").next() {
            Some(length) => Length::Bytes(length.parse().map_err(io::Error::other)?),
            None if header_values(head, "transfer-encoding").any(|value| value == "chunked") => Length::Chunked,
            None => Length::Bytes(0),
        };
        let closes = header_values(head, "connection").any(|value| value.eq_ignore_ascii_case("close"));
        Ok((status, length, closes))
    }

    /// Joins the chunks where the first of them starts.
    async fn read_chunks(&mut self, stream: &mut TcpStream, start: usize) -> io::Result<Range<usize>> {
        let (mut read, mut written) = (start, start);
        loop {
            let line = loop {
                match find(&self.buffer[read..self.filled], b"\r\n") {
                    Some(length) => break read..read + length,
                    None => self.fill(stream).await?,
                }
            };
            let size = std::str::from_utf8(&self.buffer[line.clone()]).map_err(io::Error::other)?;
            let size = usize::from_str_radix(size, 16).map_err(io::Error::other)?;
            let chunk = line.end + 2..line.end + 2 + size;
            while self.filled < chunk.end + 2 {
                self.fill(stream).await?;
            }
            read = chunk.end + 2;
            self.buffer.copy_within(chunk, written);
            written += size;
            if size == 0 {
                return Ok(start..written);
            }
        }
    }
}

enum Length {
    Bytes(usize),
    Chunked,
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
