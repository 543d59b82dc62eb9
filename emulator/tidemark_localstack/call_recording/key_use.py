"""Key permissions that a caller needs for each action on an encrypted resource.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
"""

READ = ("kms:Decrypt",)
# Producers also decrypt: the service caches the data key and verifies it on reuse.
PRODUCE = ("kms:Decrypt", "kms:GenerateDataKey")

KEY_USE = {
    "secretsmanager:GetSecretValue": READ,
    "sns:Publish": PRODUCE,
    "sqs:ReceiveMessage": READ,
    "sqs:SendMessage": PRODUCE,
    # DynamoDB decrypts the table's data key on behalf of each reader and writer.
    "dynamodb:BatchGetItem": READ,
    "dynamodb:BatchWriteItem": READ,
    "dynamodb:ConditionCheckItem": READ,
    "dynamodb:DeleteItem": READ,
    "dynamodb:GetItem": READ,
    "dynamodb:GetRecords": READ,
    "dynamodb:PartiQLDelete": READ,
    "dynamodb:PartiQLInsert": READ,
    "dynamodb:PartiQLSelect": READ,
    "dynamodb:PartiQLUpdate": READ,
    "dynamodb:PutItem": READ,
    "dynamodb:Query": READ,
    "dynamodb:Scan": READ,
    "dynamodb:UpdateItem": READ,
}
