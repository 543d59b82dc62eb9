"""What a call on something encrypted asks of the key, in the name of its caller.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
"""

READ = ("kms:Decrypt",)
# Producers decrypt, too: the data key is kept, and checked when it is used again.
PRODUCE = ("kms:Decrypt", "kms:GenerateDataKey")

KEY_USE = {
    "sns:Publish": PRODUCE,
    "sqs:ReceiveMessage": READ,
    "sqs:SendMessage": PRODUCE,
    # DynamoDB decrypts the table's own key for whoever reads or writes.
    "dynamodb:BatchGetItem": READ,
    "dynamodb:BatchWriteItem": READ,
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
