"""What carries mails: a folder of files, a mail server, or a service that has the lists itself."""
