"""The gate without git: findings, verdict, policy, secrets, private text, exclusion."""
