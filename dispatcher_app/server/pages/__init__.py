"""The customer's page behind a signed link: made whole by the server, readable on any telephone, without a script."""
